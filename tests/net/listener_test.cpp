#include "gateway/net/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <thread>

using namespace portcullis;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

const auto here = *IpAddress::parse("127.0.0.1");
const auto elsewhere = *IpAddress::parse("127.0.0.2");

}  // namespace

TEST_CASE("admission counts in all and by address, and gives places back") {
    net::Admission admission(3, 2);
    auto first = admission.enter(here);
    const auto second = admission.enter(here);
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK_FALSE(admission.enter(here).has_value());
    const auto third = admission.enter(elsewhere);
    REQUIRE(third.has_value());
    CHECK_FALSE(admission.enter(elsewhere).has_value());
    first.reset();
    CHECK(admission.enter(here).has_value());
}

TEST_CASE("a connection over the limit is closed at once, the others are served") {
    asio::io_context io;
    std::atomic<int> turned_away = 0;
    auto admission = std::make_shared<net::Admission>(2, 2);
    const auto serve = [](net::Stream stream, IpAddress) -> net::Awaitable<void> {
        Bytes buffer(16);
        const auto count = co_await stream.read_some(buffer);
        if (count) co_await stream.write(ByteView(buffer).first(*count));
    };
    net::Listener listener(io.get_executor(), net::only_on(io.get_executor()), "127.0.0.1", 0, admission,
                           serve, [&](const IpAddress&) { ++turned_away; });
    listener.start();
    std::thread thread([&] { io.run(); });

    asio::io_context own;
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), listener.port());
    tcp::socket first(own), second(own), third(own);
    first.connect(endpoint);
    second.connect(endpoint);
    third.connect(endpoint);
    std::array<char, 4> back{};
    boost::system::error_code closed;
    CHECK(third.read_some(asio::buffer(back), closed) == 0);
    CHECK(closed);
    CHECK(turned_away == 1);
    for (auto* served : {&first, &second}) {
        served->write_some(asio::buffer("ping", 4));
        CHECK(served->read_some(asio::buffer(back)) == 4);
    }
    listener.stop();
    first.close();
    second.close();
    thread.join();
}

TEST_CASE("an address that cannot be used is an error in one line") {
    asio::io_context io;
    auto admission = std::make_shared<net::Admission>(2, 2);
    const auto serve = [](net::Stream, IpAddress) -> net::Awaitable<void> { co_return; };
    const auto ignore = [](const IpAddress&) {};
    CHECK_THROWS_WITH(net::Listener(io.get_executor(), net::only_on(io.get_executor()), "192.0.2.1", 1,
                                    admission, serve, ignore),
                      Catch::Matchers::Contains("cannot listen on 192.0.2.1:1"));
    CHECK_THROWS_WITH(net::Listener(io.get_executor(), net::only_on(io.get_executor()), "no address", 1,
                                    admission, serve, ignore),
                      Catch::Matchers::Contains("cannot listen"));
}
