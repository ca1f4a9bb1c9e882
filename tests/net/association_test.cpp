// Associations over real sockets on the loopback: what PS3.8 9.2 demands of a connection, and what strangers
// cost.

#include "gateway/net/association.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "gateway/net/error.hpp"
#include "gateway/ul/encode.hpp"
#include "tests/net/wire.hpp"

using namespace portcullis;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace portcullis::test;

namespace {

const net::Timeouts timeouts{300ms, 300ms, 2s};

net::Awaitable<std::shared_ptr<net::Association>> established_acceptor(Wire& wire) {
    auto association = co_await net::Association::await_request(co_await wire.accept(), timeouts, {});
    REQUIRE(association.has_value());
    auto answer = answer_to((*association)->proposal());
    const auto accepted = co_await (*association)->accept(std::move(answer));
    REQUIRE(accepted.has_value());
    co_return *association;
}

net::Awaitable<std::shared_ptr<net::Association>> established_requestor(Wire& wire) {
    std::string host = "127.0.0.1";
    auto association =
        co_await net::Association::request(std::move(host), wire.port(), proposal(), timeouts, {});
    REQUIRE(association.has_value());
    co_return *association;
}

/// What a stranger that sends `bytes` gets back before the connection ends.
Bytes answer_to_stranger(Wire& wire, Bytes bytes, ErrorCode& error) {
    Bytes received;
    auto gateway = [&]() -> net::Awaitable<void> {
        auto association = co_await net::Association::await_request(co_await wire.accept(), timeouts, {});
        if (!association) error = association.error();
    };
    auto stranger = [&]() -> net::Awaitable<void> {
        tcp::socket socket(wire.io);
        co_await socket.async_connect({asio::ip::address_v4::loopback(), wire.port()}, asio::use_awaitable);
        co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
        std::array<std::uint8_t, 256> piece{};
        boost::system::error_code ended;
        while (!ended) {
            const auto count = co_await socket.async_read_some(
                asio::buffer(piece), asio::redirect_error(asio::use_awaitable, ended));
            append(received, ByteView(piece).first(count));
        }
    };
    wire.run(gateway, stranger);
    return received;
}

/// Short beside the deadlines; as many of them as a PDU has bytes are long.
net::Awaitable<void> pause(Wire& wire) {
    asio::steady_timer timer(wire.io, 20ms);
    co_await timer.async_wait(asio::use_awaitable);
}

Bytes text(std::string_view characters) {
    const auto bytes = as_bytes(characters);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("two associations agree, exchange data and release") {
    Wire wire;
    const Bytes command = {1, 2, 3, 4};
    auto gateway = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_acceptor(wire);
        CHECK(association->peer_maximum_length() == 16384);
        const auto incoming = co_await association->receive();
        REQUIRE(incoming.has_value());
        const auto& data = std::get<ul::PData>(*incoming);
        REQUIRE(data.values.size() == 1);
        CHECK(Bytes(data.values[0].data.begin(), data.values[0].data.end()) == command);
        const auto end = co_await association->receive();
        REQUIRE(end.has_value());
        CHECK(std::holds_alternative<net::Association::ReleaseRequested>(*end));
        co_await association->confirm_release();
    };
    auto scanner = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_requestor(wire);
        CHECK(association->peer_maximum_length() == 32768);
        Bytes pdu;
        ul::encode(ul::PData{{{*ContextId::parse(1), true, true, command}}}, pdu);
        const auto sent = co_await association->send(pdu);
        CHECK(sent.has_value());
        co_await association->release();
        CHECK_FALSE(association->established());
    };
    wire.run(gateway, scanner);
}

TEST_CASE("a release asked for by both sides at once ends in peace") {
    Wire wire;
    auto acceptor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_acceptor(wire);
        co_await association->release();
        CHECK_FALSE(association->established());
    };
    auto requestor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_requestor(wire);
        co_await association->request_release();
        const auto end = co_await association->receive();
        REQUIRE(end.has_value());
        CHECK(std::holds_alternative<net::Association::Released>(*end));
    };
    wire.run(acceptor, requestor);
}

TEST_CASE("a rejection is passed on with its reason") {
    Wire wire;
    auto acceptor = [&]() -> net::Awaitable<void> {
        auto association = co_await net::Association::await_request(co_await wire.accept(), timeouts, {});
        REQUIRE(association.has_value());
        co_await (*association)->reject({1, 1, 7});
    };
    auto requestor = [&]() -> net::Awaitable<void> {
        ul::AssociateRj rejection{};
        std::string host = "127.0.0.1";
        const auto association = co_await net::Association::request(std::move(host), wire.port(), proposal(),
                                                                    timeouts, {}, &rejection);
        REQUIRE_FALSE(association.has_value());
        CHECK(association.error() == net::errc::rejected);
        CHECK(rejection == ul::AssociateRj{1, 1, 7});
    };
    wire.run(acceptor, requestor);
}

TEST_CASE("an abort reaches the other side") {
    Wire wire;
    auto acceptor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_acceptor(wire);
        const auto incoming = co_await association->receive();
        REQUIRE_FALSE(incoming.has_value());
        CHECK(incoming.error() == net::errc::aborted);
    };
    auto requestor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_requestor(wire);
        co_await association->abort({0, 0});
    };
    wire.run(acceptor, requestor);
}

TEST_CASE("an association request on an open association is answered with an abort") {
    Wire wire;
    auto acceptor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_acceptor(wire);
        const auto incoming = co_await association->receive();
        REQUIRE_FALSE(incoming.has_value());
        CHECK(incoming.error() == net::errc::refused_pdu);
    };
    auto requestor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_requestor(wire);
        Bytes again;
        ul::encode(proposal(), again);
        const auto sent = co_await association->send(again);
        CHECK(sent.has_value());
        const auto incoming = co_await association->receive();
        REQUIRE_FALSE(incoming.has_value());
        CHECK(incoming.error() == net::errc::aborted);
    };
    wire.run(acceptor, requestor);
}

TEST_CASE("a peer that does not take what is sent cannot pin the association") {
    Wire wire;
    auto acceptor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_acceptor(wire);
        const Bytes much(64 * 1024 * 1024);
        const auto sent = co_await association->send(much);
        REQUIRE_FALSE(sent.has_value());
        CHECK(sent.error() == net::errc::timed_out);
    };
    auto requestor = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_requestor(wire);
        asio::steady_timer silent(wire.io, 600ms);
        co_await silent.async_wait(asio::use_awaitable);
    };
    wire.run(acceptor, requestor);
}

TEST_CASE("strangers are turned away by their first six bytes") {
    const auto hello = GENERATE(
        text("GET / HTTP/1.1\r\n\r\n"), Bytes{0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00},
        Bytes{0x01, 0x00, 0xFF, 0xFF, 0xFF, 0xFF}, Bytes{0x04, 0x00, 0xFF, 0xFF, 0xFF, 0xFF},
        Bytes{0xFF, 0x00, 0x00, 0x00, 0x00, 0x00}, Bytes{0x04, 0x00, 0x00, 0x00, 0x00, 0x04, 0, 0, 0, 0});
    Wire wire;
    ErrorCode error;
    const auto answer = answer_to_stranger(wire, hello, error);
    CHECK(error == net::errc::refused_pdu);
    REQUIRE(answer.size() == 10);
    CHECK(answer[0] == static_cast<std::uint8_t>(ul::PduType::abort));
}

TEST_CASE("who says nothing, or not enough, is dropped when the ARTIM timer expires") {
    const auto hello = GENERATE(Bytes{}, Bytes{0x01}, Bytes{0x01, 0x00, 0x00, 0x00, 0x00, 0x80, 0x00, 0x01});
    Wire wire;
    ErrorCode error;
    const auto answer = answer_to_stranger(wire, hello, error);
    CHECK(error == net::errc::timed_out);
    CHECK(answer.empty());
}

TEST_CASE("a request that comes byte by byte has no more time than one that does not come") {
    Wire wire;
    ErrorCode error;
    auto gateway = [&]() -> net::Awaitable<void> {
        const auto association =
            co_await net::Association::await_request(co_await wire.accept(), timeouts, {});
        if (!association) error = association.error();
    };
    auto stranger = [&]() -> net::Awaitable<void> {
        Bytes request;
        ul::encode(proposal(), request);
        tcp::socket socket(wire.io);
        co_await socket.async_connect({asio::ip::address_v4::loopback(), wire.port()}, asio::use_awaitable);
        for (std::size_t i = 0; i < request.size() && !error; ++i) {
            co_await asio::async_write(socket, asio::buffer(&request[i], 1), asio::use_awaitable);
            co_await pause(wire);
        }
    };
    wire.run(gateway, stranger);
    CHECK(error == net::errc::timed_out);
}

TEST_CASE("data that comes byte by byte has no more time than data that does not come") {
    Wire wire;
    ErrorCode error;
    auto gateway = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_acceptor(wire);
        association->set_read_deadline(300ms);
        const auto incoming = co_await association->receive();
        if (!incoming) error = incoming.error();
    };
    auto stranger = [&]() -> net::Awaitable<void> {
        const auto association = co_await established_requestor(wire);
        const Bytes content(200, 1);
        Bytes data;
        ul::encode(ul::PData{{{*ContextId::parse(1), false, true, content}}}, data);
        for (std::size_t i = 0; i < data.size() && !error; ++i) {
            co_await association->send(ByteView(data).subspan(i, 1));
            co_await pause(wire);
        }
    };
    wire.run(gateway, stranger);
    CHECK(error == net::errc::timed_out);
}

TEST_CASE("no answer to a connection is an error in time") {
    Wire wire;
    auto acceptor = [&]() -> net::Awaitable<void> {
        const auto stream = co_await wire.accept();
        asio::steady_timer silent(wire.io, 900ms);
        co_await silent.async_wait(asio::use_awaitable);
    };
    auto requestor = [&]() -> net::Awaitable<void> {
        net::Timeouts hasty = timeouts;
        hasty.connect = 200ms;
        std::string host = "127.0.0.1";
        const auto association =
            co_await net::Association::request(std::move(host), wire.port(), proposal(), hasty, {});
        REQUIRE_FALSE(association.has_value());
        CHECK(association.error() == net::errc::timed_out);
    };
    wire.run(acceptor, requestor);
}

TEST_CASE("a closed port is unreachable") {
    std::uint16_t port = 0;
    asio::io_context io;
    {
        tcp::acceptor closed(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        port = closed.local_endpoint().port();
    }
    auto requestor = [&]() -> net::Awaitable<void> {
        std::string host = "127.0.0.1";
        const auto association =
            co_await net::Association::request(std::move(host), port, proposal(), timeouts, {});
        REQUIRE_FALSE(association.has_value());
        CHECK(association.error() == net::errc::unreachable);
    };
    auto done = asio::co_spawn(io, requestor, asio::use_future);
    io.run();
    done.get();
}
