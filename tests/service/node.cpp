#include "tests/service/node.hpp"

#include <poll.h>

#include <boost/asio/use_awaitable.hpp>

#include "gateway/ul/negotiate.hpp"

namespace portcullis::service::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {
const net::Timeouts timeouts{std::chrono::seconds(2), patience, patience};
}

ul::AssociateAc accept_everything(const ul::AssociateRq& request) {
    return ul::accept(request, {"1.2.3.4", "SCRIPTED", 16384},
                      [](const ul::ProposedContext& context) { return context.transfer_syntaxes.front(); });
}

Node::Node(Wire& wire)
    : wire_(wire),
      acceptor_(wire.io(), tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()) {}

net::Awaitable<std::shared_ptr<net::Association>> Node::await_request() {
    auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
    net::Stream stream(std::move(socket));
    auto association = co_await net::Association::await_request(std::move(stream), timeouts, {});
    co_return association.value();
}

Peer Node::accept(const Answer& answer) {
    const auto association = wire_.run(await_request(), "a request for an association");
    auto answered = answer(association->proposal());
    wire_.run(association->accept(std::move(answered)), "that the association is accepted");
    return {wire_, association};
}

ul::AssociateRq Node::reject(ul::AssociateRj rejection) {
    const auto association = wire_.run(await_request(), "a request for an association");
    wire_.run(association->reject(rejection), "that the association is rejected");
    return association->proposal();
}

bool Node::nobody_calls_within(std::chrono::milliseconds time) {
    pollfd waiting{acceptor_.native_handle(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 0;
}

std::shared_ptr<tcp::socket> Node::take_and_keep_silent() {
    auto take = [this]() -> net::Awaitable<std::shared_ptr<tcp::socket>> {
        co_return std::make_shared<tcp::socket>(co_await acceptor_.async_accept(asio::use_awaitable));
    };
    return wire_.run(take(), "a connection");
}

void Node::go_down() {
    acceptor_.close();
}

net::Awaitable<Call::Outcome> Call::request(std::uint16_t port, ul::AssociateRq request) {
    Outcome outcome;
    std::string host = "127.0.0.1";
    auto association = co_await net::Association::request(std::move(host), port, std::move(request), timeouts,
                                                          {}, &outcome.rejection);
    if (association) outcome.association = *association;
    co_return outcome;
}

Call::Call(Wire& wire, std::uint16_t port, ul::AssociateRq request)
    : wire_(wire), outcome_(wire.start(Call::request(port, std::move(request)))) {}

Peer Call::established() {
    auto outcome = Wire::finish(std::move(outcome_), "an answer to the request for an association");
    if (!outcome.association) throw std::runtime_error("the association was not established");
    return {wire_, outcome.association};
}

ul::AssociateRj Call::rejected() {
    const auto outcome = Wire::finish(std::move(outcome_), "an answer to the request for an association");
    if (outcome.association) throw std::runtime_error("the association was not rejected");
    return outcome.rejection;
}

}  // namespace portcullis::service::test
