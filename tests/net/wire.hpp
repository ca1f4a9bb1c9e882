#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "gateway/net/stream.hpp"

namespace portcullis::test {

/// Two ends of one connection; everything runs on one thread until both coroutines are done.
class Wire {
  public:
    Wire() : acceptor_(io, boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    net::Awaitable<net::Stream> accept() {
        auto socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
        co_return net::Stream(std::move(socket));
    }

    template <class A, class B>
    void run(A a, B b) {
        auto first = boost::asio::co_spawn(io, std::move(a), boost::asio::use_future);
        auto second = boost::asio::co_spawn(io, std::move(b), boost::asio::use_future);
        io.run();
        first.get();
        second.get();
    }

    boost::asio::io_context io;

  private:
    boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace portcullis::test
