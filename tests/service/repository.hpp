#pragma once
// An audit record repository as a script, over TCP or TLS.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "gateway/tls/context.hpp"
#include "tests/service/wire.hpp"

namespace portcullis::service::test {

/// A connection of the gateway to it.
class Delivery {
  public:
    Delivery(Wire& wire, std::shared_ptr<net::Stream> stream) : wire_(wire), stream_(std::move(stream)) {}

    /// The next message, of which the length stands before it.
    std::string hear();
    std::vector<std::string> hear(std::size_t count);
    /// The gateway has ended, and said nothing more before.
    bool hears_the_end();
    /// What comes until it ends; then it is closed.
    std::vector<std::string> hear_out();
    void close() { stream_->close(); }

  private:
    net::Awaitable<bool> more();

    Wire& wire_;
    std::shared_ptr<net::Stream> stream_;
    std::string heard_;
};

class ScriptedRepository {
  public:
    using tcp = boost::asio::ip::tcp;

    /// At this port, or any free one.
    explicit ScriptedRepository(Wire& wire, std::uint16_t port = 0)
        : wire_(wire), acceptor_(wire.io(), tcp::endpoint(boost::asio::ip::address_v4::loopback(), port)) {}

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    Delivery accept() { return {wire_, wire_.run(take(), "a connection to the repository")}; }
    /// The next connection, over TLS; why that fails, if it does.
    ErrorCode refuses(std::shared_ptr<const tls::Context> tls);
    Delivery accept(std::shared_ptr<const tls::Context> tls);

  private:
    net::Awaitable<std::shared_ptr<net::Stream>> take() {
        co_return std::make_shared<net::Stream>(co_await acceptor_.async_accept(boost::asio::use_awaitable));
    }
    net::Awaitable<ErrorCode> handshake(net::Stream& stream, std::shared_ptr<const tls::Context> tls) {
        const auto done = co_await stream.secure(std::move(tls), patience);
        co_return done ? ErrorCode() : done.error();
    }

    Wire& wire_;
    tcp::acceptor acceptor_;
};

}  // namespace portcullis::service::test
