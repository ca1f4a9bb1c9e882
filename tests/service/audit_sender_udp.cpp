// Audit messages as datagrams: nobody says whether one arrived, but for a host where nobody listens.

#include <sys/socket.h>

#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "gateway/syslog/message.hpp"
#include "tests/service/sending.hpp"
#include "tests/service/wire.hpp"

using namespace portcullis;
using namespace portcullis::service;
using namespace portcullis::service::test;
using namespace std::chrono_literals;
using boost::asio::ip::udp;

namespace {

class Receiver {
  public:
    explicit Receiver(std::uint16_t port = 0)
        : socket_(io_, udp::endpoint(boost::asio::ip::address_v4::loopback(), port)) {
        const timeval limit{patience.count(), 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        socket_.set_option(boost::asio::socket_base::receive_buffer_size(1 << 20));
    }
    std::uint16_t port() const { return socket_.local_endpoint().port(); }
    std::string hear() {
        std::string bytes(70'000, '\0');
        const auto count = ::recv(socket_.native_handle(), bytes.data(), bytes.size(), 0);
        bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
        return bytes;
    }

  private:
    boost::asio::io_context io_;
    udp::socket socket_;
};

}  // namespace

TEST_CASE("each message is a datagram, and counts as arrived when it was sent") {
    WrittenLog log;
    Receiver receiver;
    const Sending sending(log, Sending::at(receiver.port(), SyslogTransport::udp));
    for (int i = 1; i <= 100; ++i) log.write("x");
    for (int i = 1; i <= 100; ++i) CHECK(receiver.hear() == std::to_string(i) + " start x");
    CHECK(sending.comes_to_rest());
}

TEST_CASE("what no datagram takes is counted and told of, and holds up nothing") {
    WrittenLog log;
    Receiver receiver;
    const Sending sending(log, Sending::at(receiver.port(), SyslogTransport::udp));
    const std::string head = "1 start ";
    const std::string just(syslog::most_in_a_datagram - head.size(), 'x');
    log.write(just);
    log.write(just + "x");
    log.write("small");
    CHECK(receiver.hear() == head + just);
    CHECK(receiver.hear() == "3 start small");
    CHECK(receiver.hear() == "4 failure ");
    CHECK(sending.metric("failed_total", "reason=\"size\",") == 1);
    REQUIRE(log.failures().size() == 1);
    CHECK(log.failures()[0].text("outcome") == "not sent");
    CHECK(log.failures()[0].text("detail").find("record 2 ") != std::string::npos);
    CHECK(sending.comes_to_rest());
}

TEST_CASE("where nobody listens, nothing counts as arrived") {
    WrittenLog log;
    const auto port = Receiver().port();
    const Sending sending(log, Sending::at(port, SyslogTransport::udp));
    log.write("x");
    while (sending.metric("failed_total", "reason=\"delivery\",") < 2) std::this_thread::sleep_for(5ms);
    CHECK(sending.first() == 1);
    Receiver receiver(port);
    CHECK(receiver.hear() == "1 start x");
}
