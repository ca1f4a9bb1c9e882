#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "gateway/net/stream.hpp"
#include "gateway/ul/negotiate.hpp"

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

inline ul::AssociateRq proposal() {
    ul::AssociateRq request{1,
                            *AeTitle::parse("CALLED"),
                            *AeTitle::parse("CALLING"),
                            std::string(ul::application_context_name),
                            {},
                            {},
                            {}};
    request.contexts.push_back(
        {*ContextId::parse(1), *Uid::parse("1.2.840.10008.1.1"), {*Uid::parse("1.2.840.10008.1.2")}});
    request.user.maximum_length = 16384;
    request.user.implementation_class_uid = "1.2.3";
    return request;
}

inline ul::AssociateAc answer_to(const ul::AssociateRq& request) {
    return ul::accept(request, {"1.2.3.4", "TEST", 32768},
                      [](const ul::ProposedContext& context) { return context.transfer_syntaxes.front(); });
}

}  // namespace portcullis::test
