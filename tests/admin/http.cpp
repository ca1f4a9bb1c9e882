// The admin door, by a client that writes bytes.

#include "gateway/admin/http.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <thread>

using namespace portcullis::admin;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

struct Door {
    explicit Door(std::chrono::milliseconds deadline = 10s)
        : server(
              io.get_executor(), "127.0.0.1", 0, metrics,
              [this](std::string& reason) {
                  if (!ready) reason = "no archive answers";
                  return ready.load();
              },
              deadline),
          thread([this] { io.run(); }) {}
    ~Door() {
        server.stop();
        thread.join();  // ends by itself: nothing is left to do once the server has stopped
    }

    Metrics metrics;
    std::atomic<bool> ready = true;
    boost::asio::io_context io;
    HttpServer server;
    std::thread thread;
};

class Client {
  public:
    explicit Client(const Door& door) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), door.server.port()});
    }
    /// A server that has answered already may have closed: what it said is read all the same.
    void send(const std::string& bytes) {
        error_code ignored;
        boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
    }
    std::string read_to_end() {
        std::string all;
        error_code ignored;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(all), ignored);
        return all;
    }

  private:
    boost::asio::io_context io_;
    tcp::socket socket_{io_};
};

std::string ask(const Door& door, const std::string& bytes) {
    Client client(door);
    client.send(bytes);
    return client.read_to_end();
}

std::string get(const Door& door, const std::string& path) {
    return ask(door, "GET " + path + " HTTP/1.1\r\nHost: gate\r\n\r\n");
}

}  // namespace

TEST_CASE("Health, readiness and metrics are answered, and the connection is closed") {
    Door door;
    door.metrics.association_opened("ingress");
    const auto health = get(door, "/healthz");
    CHECK_THAT(health, StartsWith("HTTP/1.1 200 OK\r\n") && Contains("Connection: close\r\n") &&
                           Contains("Content-Length: 3\r\n") && EndsWith("\r\n\r\nok\n"));
    CHECK_THAT(get(door, "/readyz"), StartsWith("HTTP/1.1 200 OK\r\n"));
    CHECK_THAT(get(door, "/metrics?name=x"),
               StartsWith("HTTP/1.1 200 OK\r\n") && Contains("Content-Type: text/plain; version=0.0.4") &&
                   Contains("\nportcullis_associations_active{role=\"ingress\"} 1\n"));
    CHECK_THAT(ask(door, "GET /healthz HTTP/1.0\r\n\r\n"), Contains(" 200 OK\r\n"));
}

TEST_CASE("A gateway that cannot work is alive but not ready, and says why") {
    Door door;
    door.ready = false;
    CHECK_THAT(get(door, "/readyz"), StartsWith("HTTP/1.1 503 Service Unavailable\r\n") &&
                                         EndsWith("\r\n\r\nno archive answers\n"));
    CHECK_THAT(get(door, "/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("Other paths and other methods are refused") {
    Door door;
    for (const auto* path :
         {"/", "/metrics/", "/healthz/../metrics", "/../../etc/passwd", "*", "//healthz"}) {
        INFO(path);
        CHECK_THAT(get(door, path), StartsWith("HTTP/1.1 404 Not Found\r\n"));
    }
    for (const auto* method : {"POST", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"}) {
        INFO(method);
        CHECK_THAT(ask(door, std::string(method) + " /metrics HTTP/1.1\r\nHost: gate\r\n\r\n"),
                   StartsWith("HTTP/1.1 405 Method Not Allowed\r\n") && Contains("Allow: GET\r\n"));
    }
}

TEST_CASE("What is no request is refused or dropped, and the next one is answered") {
    Door door;
    CHECK_THAT(ask(door, "GET /healthz HTTP/1.1\r\nX: " + std::string(20'000, 'x')),
               StartsWith("HTTP/1.1 431 "));
    CHECK_THAT(ask(door, "GET /healthz HTTP/1.1\r\nContent-Length: 1000000000000\r\n\r\n"),
               StartsWith("HTTP/1.1 413 "));
    CHECK_THAT(ask(door, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + std::string(500, '\0')),
               StartsWith("HTTP/1.1 400 "));
    CHECK_THAT(ask(door, std::string("\x01\x00\x00\x00\x00\xcd\x00\x01\r\n\r\n", 12)),
               StartsWith("HTTP/1.1 400 "));
    { Client goes_away(door); }
    CHECK_THAT(get(door, "/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("A client that says nothing, or half, is dropped at the deadline") {
    Door door(100ms);
    Client silent(door);
    Client slow(door);
    slow.send("GET /healthz HT");
    CHECK(silent.read_to_end().empty());
    CHECK(slow.read_to_end().empty());
    CHECK_THAT(get(door, "/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("Connections are limited, and a place that becomes free is used") {
    Door door;
    std::vector<std::unique_ptr<Client>> idle;
    for (std::size_t i = 0; i < most_admin_connections; ++i) idle.push_back(std::make_unique<Client>(door));
    CHECK(get(door, "/healthz").empty());
    idle.pop_back();
    std::string answer;
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (answer.empty() && std::chrono::steady_clock::now() < end) answer = get(door, "/healthz");
    CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("Stopping closes what is open and refuses what is new") {
    auto door = std::make_unique<Door>();
    Client idle(*door);
    CHECK_THAT(get(*door, "/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
    door->server.stop();
    CHECK(idle.read_to_end().empty());
    CHECK_THROWS_AS(Client(*door), boost::system::system_error);
    door->server.stop();
    door.reset();
}

TEST_CASE("A port that is taken is named") {
    Door door;
    Metrics metrics;
    boost::asio::io_context io;
    CHECK_THROWS_WITH(
        HttpServer(io.get_executor(), "127.0.0.1", door.server.port(), metrics,
                   [](std::string&) { return true; }),
        Contains("admin.listen: cannot listen at 127.0.0.1 port " + std::to_string(door.server.port())) &&
            Contains("Address already in use"));
    CHECK_THROWS_WITH(
        HttpServer(io.get_executor(), "192.0.2.1", 0, metrics, [](std::string&) { return true; }),
        Contains("Cannot assign requested address"));
}
