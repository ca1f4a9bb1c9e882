#pragma once
// A flow of datagrams to one host (UDP): nothing says whether one arrived.

#include <boost/asio/ip/udp.hpp>
#include <string>

#include "gateway/net/stream.hpp"

namespace portcullis::net {

class Datagrams {
  public:
    /// Resolves the host. Errors: errc::unreachable.
    static Awaitable<Result<Datagrams>> towards(std::string host, std::uint16_t port);

    /// One datagram. Errors: errc::unreachable; also if the host has said of an earlier one that nobody
    /// listens (ICMP).
    Awaitable<Result<void>> send(ByteView bytes);
    /// The host has said since the last datagram that nobody listens.
    bool is_refused();

  private:
    explicit Datagrams(boost::asio::ip::udp::socket socket) : socket_(std::move(socket)) {}

    boost::asio::ip::udp::socket socket_;
};

}  // namespace portcullis::net
