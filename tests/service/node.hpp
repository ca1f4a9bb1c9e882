#pragma once
// An application entity that can be called, and one that calls.

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <future>

#include "tests/service/peer.hpp"

namespace portcullis::service::test {

using Answer = std::function<ul::AssociateAc(const ul::AssociateRq&)>;

/// Accepts each context with the first transfer syntax that is offered for it.
ul::AssociateAc accept_everything(const ul::AssociateRq& request);

/// The scripted archive, and the scripted destination of a C-MOVE.
class Node {
  public:
    explicit Node(Wire& wire);

    std::uint16_t port() const { return port_; }
    /// The next association that is requested.
    Peer accept(const Answer& answer = accept_everything);
    /// Rejects the next association that is requested; what was requested.
    ul::AssociateRq reject(ul::AssociateRj rejection);
    /// No connection waits to be accepted, nor comes within this time.
    bool nobody_calls_within(std::chrono::milliseconds time);
    bool nobody_called() { return nobody_calls_within(std::chrono::milliseconds(0)); }
    /// Takes the connection and says nothing, for as long as the result lives.
    std::shared_ptr<boost::asio::ip::tcp::socket> take_and_keep_silent();
    /// From now on connections are refused.
    void go_down();

  private:
    net::Awaitable<std::shared_ptr<net::Association>> await_request();

    Wire& wire_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
};

/// An association that was requested and is not yet answered.
class Call {
  public:
    Call(Wire& wire, std::uint16_t port, ul::AssociateRq request);
    Peer established();
    ul::AssociateRj rejected();

  private:
    struct Outcome {
        std::shared_ptr<net::Association> association;
        ul::AssociateRj rejection{};
    };
    static net::Awaitable<Outcome> request(std::uint16_t port, ul::AssociateRq request);

    Wire& wire_;
    std::future<Outcome> outcome_;
};

}  // namespace portcullis::service::test
