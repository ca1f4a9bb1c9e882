// Streams over TLS, both sides real: who is believed, what is refused, and what it costs.

#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "gateway/net/association.hpp"
#include "gateway/net/error.hpp"
#include "gateway/net/stream.hpp"
#include "gateway/tls/error.hpp"
#include "tests/net/wire.hpp"
#include "tests/tls/certificates.hpp"

using namespace portcullis;
using namespace portcullis::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using tls::ClientCertificate;
using ContextPointer = std::shared_ptr<const tls::Context>;
using Catch::Matchers::Contains;

namespace {

constexpr auto in_time = 5s;

const CertificateFolder folder;
const Authority authority(folder, "authority");
const Authority stranger(folder, "stranger");
const Issued gate = authority.issue("gate");
const Issued device =
    authority.issue("device", {"DNS:TAB1.wards.example,IP:10.0.0.9,email:a@b.example", -1, 30});

ContextPointer server(ClientCertificate client = ClientCertificate::required) {
    return tls::Context::server({gate.certificate, gate.key, authority.file()}, client);
}

ContextPointer client(const std::string& name = "gate.example", const Issued& shown = device,
                      const std::string& believed = authority.file()) {
    return tls::Context::client({shown.certificate, shown.key, believed}, name);
}

struct Outcome {
    ErrorCode server, client;  // of the handshake, and of a byte each way after it
    std::shared_ptr<const Certificate> seen_by_server, seen_by_client;
};

net::Awaitable<ErrorCode> exchange(net::Stream& stream) {
    const Bytes hello = {1};
    if (const auto sent = co_await stream.write(hello); !sent) co_return sent.error();
    Bytes back(1);
    const auto got = co_await stream.read_some(back);
    co_return got ? ErrorCode() : got.error();
}

net::Awaitable<ErrorCode> secured(net::Stream& stream, ContextPointer context) {
    const auto done = co_await stream.secure(std::move(context), in_time);
    if (!done) co_return done.error();
    co_return co_await exchange(stream);
}

net::Awaitable<net::Stream> connected(Wire& wire) {
    std::string host = "127.0.0.1";
    auto stream = co_await net::Stream::connect(std::move(host), wire.port(), in_time);
    REQUIRE(stream.has_value());
    co_return std::move(*stream);
}

Outcome meet(ContextPointer of_server, ContextPointer of_client) {
    Wire wire;
    Outcome outcome;
    auto listening = [&]() -> net::Awaitable<void> {
        auto stream = co_await wire.accept();
        outcome.server = co_await secured(stream, of_server);
        outcome.seen_by_server = stream.certificate();
    };
    auto calling = [&]() -> net::Awaitable<void> {
        auto stream = co_await connected(wire);
        outcome.client = co_await secured(stream, of_client);
        outcome.seen_by_client = stream.certificate();
    };
    wire.run(listening, calling);
    return outcome;
}

/// What the stream of a listener says of a caller that does this on a plain socket.
template <class Call>
ErrorCode said_of(Call call, std::chrono::milliseconds patience = in_time) {
    Wire wire;
    ErrorCode error;
    auto listening = [&]() -> net::Awaitable<void> {
        auto stream = co_await wire.accept();
        const auto done = co_await stream.secure(server(), patience);
        if (!done) error = done.error();
    };
    auto calling = [&]() -> net::Awaitable<void> {
        tcp::socket socket(wire.io);
        co_await socket.async_connect({asio::ip::address_v4::loopback(), wire.port()}, asio::use_awaitable);
        co_await call(socket);
    };
    wire.run(listening, calling);
    return error;
}

/// Reads until the other side closes; what came.
net::Awaitable<Bytes> read_all(tcp::socket& socket) {
    Bytes all;
    std::array<std::uint8_t, 256> piece{};
    for (;;) {
        const auto [error, count] =
            co_await socket.async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
        append(all, ByteView(piece).first(count));
        if (error) co_return all;
    }
}

/// A client that is not of the gateway, and less strict.
struct OtherClient {
    int version = TLS1_3_VERSION;  // at most
    const char* ciphers = "ALL";   // up to TLS 1.2
    Issued shown;
    bool connected = false;  // afterwards

    /// What a listener says of it.
    std::string said_by(const ContextPointer& listener) {
        Wire wire;
        std::string said;
        auto calling = std::async(std::launch::async, [&] { connected = connects(wire.port()); });
        auto listening = [&]() -> net::Awaitable<void> {
            auto stream = co_await wire.accept();
            const auto done = co_await stream.secure(listener, in_time);
            said = done ? "" : done.error().message();
        };
        auto nothing = []() -> net::Awaitable<void> { co_return; };
        wire.run(listening, nothing);
        calling.get();
        return said;
    }

  private:
    bool connects(std::uint16_t port) const {
        const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                        SSL_CTX_free);
        SSL_CTX_set_security_level(context.get(), 0);
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), version);
        SSL_CTX_set_cipher_list(context.get(), ciphers);
        if (!shown.certificate.empty()) {
            SSL_CTX_use_certificate_file(context.get(), shown.certificate.c_str(), SSL_FILETYPE_PEM);
            SSL_CTX_use_PrivateKey_file(context.get(), shown.key.c_str(), SSL_FILETYPE_PEM);
        }
        asio::io_context own;
        tcp::socket socket(own);
        socket.connect({asio::ip::address_v4::loopback(), port});
        const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
        SSL_set_fd(ssl.get(), socket.native_handle());
        return SSL_connect(ssl.get()) == 1;
    }
};

}  // namespace

TEST_CASE("two sides that believe each other know who the other is") {
    const auto outcome = meet(server(), client());
    CHECK_FALSE(outcome.server);
    CHECK_FALSE(outcome.client);
    REQUIRE(outcome.seen_by_server);
    CHECK(outcome.seen_by_server->subject == "CN=device,O=Test");
    CHECK(outcome.seen_by_server->names == std::vector<std::string>{"tab1.wards.example"});
    CHECK(outcome.seen_by_server->addresses == std::vector{*IpAddress::parse("10.0.0.9")});
    CHECK(outcome.seen_by_server->fingerprint.size() == 64);
    REQUIRE(outcome.seen_by_client);
    CHECK(outcome.seen_by_client->subject == "CN=gate,O=Test");
}

TEST_CASE("the certificate must be for whom we call, by name or by address") {
    CHECK_FALSE(meet(server(), client("GATE.example")).client);
    CHECK_FALSE(meet(server(), client("127.0.0.1")).client);
    const auto name = GENERATE("gate2.example", "example", "a.gate.example", "127.0.0.2", "gate");
    const auto outcome = meet(server(), client(name));
    CHECK_THAT(outcome.client.message(), Contains("not accepted: ") && Contains("mismatch"));
    CHECK(tls::is_failure(outcome.client));
    CHECK(tls::is_failure(outcome.server));
}

TEST_CASE("a chain to somebody else is refused, on either side") {
    const auto unknown = stranger.issue("unknown");
    const auto of_server = meet(server(), client("gate.example", unknown));
    CHECK_THAT(of_server.server.message(),
               Contains("TLS: the certificate of the peer is not accepted: unable to"));
    CHECK_THAT(of_server.client.message(), Contains("unknown ca"));
    const auto of_client = meet(server(), client("gate.example", device, stranger.file()));
    CHECK_THAT(of_client.client.message(), Contains("not accepted: unable to get local issuer certificate"));
    CHECK_THAT(of_client.server.message(), Contains("unknown ca"));
}

TEST_CASE("an expired certificate is refused") {
    // One of ours would not be loaded.
    const auto expired = authority.issue("expired", {"DNS:gate.example", -30, -1});
    OtherClient other;
    other.shown = expired;
    CHECK_THAT(other.said_by(server()), Contains("not accepted: certificate has expired"));
}

TEST_CASE("a client without a certificate is refused, or known to have none") {
    const Issued none;
    const auto refused = meet(server(), client("gate.example", none));
    CHECK_THAT(refused.server.message(), Contains("peer did not return a certificate"));
    CHECK_THAT(refused.client.message(), Contains("certificate required"));
    const auto unasked = GENERATE(ClientCertificate::optional, ClientCertificate::none);
    const auto outcome = meet(server(unasked), client("gate.example", none));
    CHECK_FALSE(outcome.server);
    CHECK_FALSE(outcome.client);
    CHECK_FALSE(outcome.seen_by_server);
}

TEST_CASE("where a certificate is optional, a bad one is still refused") {
    const auto unknown = stranger.issue("unknown");
    CHECK(tls::is_failure(meet(server(ClientCertificate::optional), client("gate.example", unknown)).server));
}

TEST_CASE("nobody is taken down to an older version or a weaker cipher") {
    const auto listener = server(ClientCertificate::none);
    const auto said_of_client = [&](int version, const char* ciphers) {
        OtherClient other{version, ciphers, {}};
        auto said = other.said_by(listener);
        CHECK(other.connected == said.empty());
        return said;
    };
    CHECK(said_of_client(TLS1_3_VERSION, "ALL").empty());
    CHECK(said_of_client(TLS1_2_VERSION, "ECDHE+AESGCM").empty());
    CHECK_THAT(said_of_client(TLS1_1_VERSION, "ALL"), Contains("unsupported protocol"));
    for (const auto* ciphers :
         {"AES128-GCM-SHA256", "ECDHE+AES+SHA256", "DHE+AESGCM", "ECDHE+CHACHA20", "NULL"}) {
        INFO(ciphers);
        CHECK_THAT(said_of_client(TLS1_2_VERSION, ciphers), Contains("no shared cipher"));
    }
}

TEST_CASE("who says nothing, or a byte now and then, costs no more than the handshake's time") {
    const auto silent = [](tcp::socket& socket) -> net::Awaitable<void> { co_await read_all(socket); };
    const auto slow = [](tcp::socket& socket) -> net::Awaitable<void> {
        const Bytes hello = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0, 0, 0, 0, 0};
        asio::steady_timer timer(socket.get_executor());
        for (const auto byte : hello) {
            const auto [error, count] = co_await asio::async_write(socket, asio::buffer(&byte, 1),
                                                                   asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            timer.expires_after(100ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
    };
    const auto began = net::Clock::now();
    CHECK(said_of(silent, 300ms) == net::errc::timed_out);
    CHECK(said_of(slow, 300ms) == net::errc::timed_out);
    CHECK(net::Clock::now() - began < 3s);
}

TEST_CASE("what is no TLS is turned away at once, without a word") {
    const auto words = GENERATE(Bytes{0x01, 0x00, 0x00, 0x00, 0x00, 0xb4, 0x00, 0x01, 0x00, 0x00, 'P', 'A'},
                                Bytes{'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1', '.', '1'},
                                Bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
    Bytes answer;
    const auto stranger_calls = [&](tcp::socket& socket) -> net::Awaitable<void> {
        co_await asio::async_write(socket, asio::buffer(words), asio::use_awaitable);
        answer = co_await read_all(socket);
    };
    const auto error = said_of(stranger_calls);
    CHECK(error.message() == "TLS: what the peer sends is not TLS");
    CHECK(answer.empty());
}

namespace {

constexpr net::Timeouts timeouts{300ms, 300ms, 2s};

net::Awaitable<std::shared_ptr<net::Association>> accepted_by(Wire& wire, ContextPointer context) {
    auto stream = co_await wire.accept();
    const auto done = co_await stream.secure(std::move(context), in_time);
    REQUIRE(done.has_value());
    auto association = co_await net::Association::await_request(std::move(stream), timeouts, {});
    REQUIRE(association.has_value());
    auto answer = answer_to((*association)->proposal());
    const auto accepted = co_await (*association)->accept(std::move(answer));
    REQUIRE(accepted.has_value());
    co_return *association;
}

net::Awaitable<Result<std::shared_ptr<net::Association>>> requested_from(Wire& wire, ContextPointer context) {
    std::string host = "127.0.0.1";
    co_return co_await net::Association::request(std::move(host), wire.port(), proposal(), timeouts, {},
                                                 nullptr, std::move(context));
}

}  // namespace

TEST_CASE("an association over TLS knows the peer's certificate, and ends by release or abort") {
    const bool release = GENERATE(true, false);
    Wire wire;
    auto gateway = [&]() -> net::Awaitable<void> {
        const auto association = co_await accepted_by(wire, server());
        REQUIRE(association->certificate());
        CHECK(association->certificate()->subject == "CN=device,O=Test");
        const auto end = co_await association->receive();
        if (release) {
            REQUIRE(end.has_value());
            CHECK(std::holds_alternative<net::Association::ReleaseRequested>(*end));
            co_await association->confirm_release();
        } else {
            REQUIRE_FALSE(end.has_value());
            CHECK(end.error() == net::errc::aborted);
        }
    };
    auto scanner = [&]() -> net::Awaitable<void> {
        const auto association = co_await requested_from(wire, client("127.0.0.1"));
        REQUIRE(association.has_value());
        CHECK((*association)->usable());
        if (release) {
            co_await (*association)->release();
        } else {
            co_await (*association)->abort({0, 0});
        }
        CHECK_FALSE((*association)->usable());
    };
    const auto began = net::Clock::now();
    wire.run(gateway, scanner);
    CHECK(net::Clock::now() - began < 250ms);  // nobody waited for the ARTIM timer
}

TEST_CASE("who is refused after its own side of the handshake learns why") {
    Wire wire;
    auto gateway = [&]() -> net::Awaitable<void> {
        auto stream = co_await wire.accept();
        const auto done = co_await stream.secure(server(), in_time);
        CHECK_FALSE(done.has_value());
    };
    const auto without_certificate = client("127.0.0.1", {});
    auto scanner = [&]() -> net::Awaitable<void> {
        const auto association = co_await requested_from(wire, without_certificate);
        REQUIRE_FALSE(association.has_value());
        CHECK(tls::is_failure(association.error()));
        CHECK_THAT(association.error().message(), Contains("certificate required"));
    };
    wire.run(gateway, scanner);
}

TEST_CASE("large messages pass in both directions at once, to the last byte") {
    constexpr std::size_t size = 20 * 1024 * 1024;
    Bytes sent(size);
    for (std::size_t i = 0; i < size; ++i) sent[i] = static_cast<std::uint8_t>(i * 2654435761U >> 13);
    Wire wire;
    const auto receive = [](net::Stream& stream, Bytes& into) -> net::Awaitable<void> {
        Bytes piece(100'000);
        while (into.size() < size) {
            const auto count = co_await stream.read_some(piece);
            REQUIRE(count.has_value());
            append(into, ByteView(piece).first(*count));
        }
    };
    const auto both_ways = [&](net::Stream& stream, Bytes& into) -> net::Awaitable<void> {
        auto reading = asio::co_spawn(wire.io, receive(stream, into), asio::use_future);
        const auto written = co_await stream.write(sent);
        REQUIRE(written.has_value());
        while (reading.wait_for(0s) != std::future_status::ready)
            co_await asio::post(wire.io, asio::use_awaitable);
    };
    Bytes at_server, at_client;
    auto listening = [&]() -> net::Awaitable<void> {
        auto stream = co_await wire.accept();
        const auto done = co_await stream.secure(server(), in_time);
        REQUIRE(done.has_value());
        co_await both_ways(stream, at_server);
    };
    auto calling = [&]() -> net::Awaitable<void> {
        auto stream = co_await connected(wire);
        const auto done = co_await stream.secure(client(), in_time);
        REQUIRE(done.has_value());
        co_await both_ways(stream, at_client);
    };
    wire.run(listening, calling);
    CHECK(at_server == sent);
    CHECK(at_client == sent);
}

TEST_CASE("a peer that does not take what we send, over TLS, too, is an error in time") {
    Wire wire;
    auto listening = [&]() -> net::Awaitable<void> {
        auto stream = co_await wire.accept();
        stream.set_write_timeout(200ms);
        const auto done = co_await stream.secure(server(), in_time);
        REQUIRE(done.has_value());
        const Bytes much(64 * 1024 * 1024);
        const auto sent = co_await stream.write(much);
        REQUIRE_FALSE(sent.has_value());
        CHECK(sent.error() == net::errc::timed_out);
    };
    auto calling = [&]() -> net::Awaitable<void> {
        auto stream = co_await connected(wire);
        const auto done = co_await stream.secure(client(), in_time);
        REQUIRE(done.has_value());
        asio::steady_timer idle(wire.io, 1s);
        co_await idle.async_wait(asio::use_awaitable);
    };
    wire.run(listening, calling);
}

TEST_CASE("a stream is quiet until the other side speaks or ends") {
    Wire wire;
    auto listening = [&]() -> net::Awaitable<void> {
        auto stream = co_await wire.accept();
        CHECK_FALSE(co_await secured(stream, server()));
        asio::steady_timer moment(wire.io, 100ms);
        co_await moment.async_wait(asio::use_awaitable);
        CHECK(stream.is_quiet());
        moment.expires_after(200ms);
        co_await moment.async_wait(asio::use_awaitable);
        CHECK_FALSE(stream.is_quiet());
        Bytes end(1);
        const auto count = co_await stream.read_some(end);
        REQUIRE_FALSE(count.has_value());
        CHECK(count.error() == net::errc::closed);
    };
    auto calling = [&]() -> net::Awaitable<void> {
        auto stream = co_await connected(wire);
        CHECK_FALSE(co_await secured(stream, client()));
        asio::steady_timer later(wire.io, 200ms);
        co_await later.async_wait(asio::use_awaitable);
        stream.close();
    };
    wire.run(listening, calling);
}
