// What a repository may do to the messages that are sent to it over TCP and TLS, and that each of them
// arrives.

#include "gateway/service/audit_sender.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "gateway/tls/error.hpp"
#include "tests/service/repository.hpp"
#include "tests/service/sending.hpp"
#include "tests/tls/certificates.hpp"

using namespace portcullis;
using namespace portcullis::service;
using namespace portcullis::service::test;
using namespace portcullis::test;
using namespace std::chrono_literals;
using Messages = std::vector<std::string>;

namespace {

/// The port of a repository that is not there yet.
std::uint16_t free_port(Wire& wire) {
    return ScriptedRepository(wire).port();
}

void write(WrittenLog& log, int count) {
    for (int i = 0; i < count; ++i) log.write("x");
}

/// The first so many, over as many connections as it takes.
Messages hear(ScriptedRepository& repository, std::size_t count) {
    Messages all;
    while (all.size() < count)
        for (auto& message : repository.accept().hear_out()) all.push_back(std::move(message));
    all.resize(count);
    return all;
}

Messages messages(int first, int last) {
    Messages all;
    for (int i = first; i <= last; ++i) all.push_back(std::to_string(i) + " start x");
    return all;
}

}  // namespace

TEST_CASE("messages come in the order of the log, and count as arrived when the repository has closed") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()));
    write(log, 3);
    auto delivery = repository.accept();
    CHECK(delivery.hear(3) == messages(1, 3));
    CHECK(sending.first() == 1);
    CHECK(delivery.hears_the_end());
    CHECK(sending.first() == 1);
    delivery.close();
    CHECK(sending.comes_to_rest());
    CHECK(sending.metric("sent_total") == 3);
    CHECK(sending.metric("connected") == 1);
}

TEST_CASE("what comes while a connection is open goes over it") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()));
    write(log, 1);
    auto delivery = repository.accept();
    delivery.hear();
    write(log, 1);
    CHECK(delivery.hear() == "2 start x");
}

TEST_CASE("a repository that closes at once gets everything the next time") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()));
    write(log, 3);
    for (int i = 0; i < 3; ++i) repository.accept().close();
    auto delivery = repository.accept();
    CHECK(delivery.hear(3) == messages(1, 3));
    CHECK(sending.first() == 1);
}

TEST_CASE("a repository that closes in the middle gets the same bytes again") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()));
    write(log, 3);
    {
        auto delivery = repository.accept();
        CHECK(delivery.hear(3) == messages(1, 3));
        delivery.close();  // it has read all, but we had not ended
    }
    auto all = messages(1, 3);
    all.push_back("4 failure ");  // that it was away
    CHECK(hear(repository, 4) == all);
}

TEST_CASE("what a repository leaves unread counts as not arrived") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()));
    const std::string large(3'000'000, 'x');
    for (int i = 0; i < 4; ++i) log.write(large);
    {
        auto delivery = repository.accept();
        CHECK(delivery.hear() == "1 start " + large);
        delivery.close();
    }
    const auto again = hear(repository, 4);
    for (int i = 1; i <= 4; ++i) CHECK(again[i - 1] == std::to_string(i) + " start " + large);
}

TEST_CASE("a repository that does not read for a while gets everything") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()));
    const std::string large(100'000, 'x');
    for (int i = 0; i < 200; ++i) log.write(large);
    std::this_thread::sleep_for(300ms);  // longer than a connection is to stay open
    const auto all = hear(repository, 200);
    for (int i = 1; i <= 200; ++i) CHECK(all[i - 1] == std::to_string(i) + " start " + large);
    CHECK(sending.comes_to_rest());
    CHECK(log.failures().empty());
}

TEST_CASE("a repository that is away is audited once, and gets all of it when it is back") {
    Wire wire;
    WrittenLog log;
    const auto port = free_port(wire);
    const Sending sending(log, Sending::at(port));
    write(log, 3);
    while (sending.metric("failed_total", "reason=\"delivery\",") < 5) std::this_thread::sleep_for(5ms);
    CHECK(sending.metric("connected") == 0);
    CHECK(sending.metric("queue_records") == 4);
    REQUIRE(log.failures().size() == 1);
    CHECK(log.failures()[0].text("reason") == "syslog");
    CHECK(log.failures()[0].text("outcome") == "away");
    CHECK(log.failures()[0].text("repository") == "127.0.0.1:" + std::to_string(port));
    ScriptedRepository repository(wire, port);
    {
        auto delivery = repository.accept();
        CHECK(delivery.hear(3) == messages(1, 3));
        CHECK(delivery.hear() == "4 failure ");
        CHECK(delivery.hears_the_end());
    }
    auto next = repository.accept();
    CHECK(next.hear() == "5 failure ");
    REQUIRE(log.failures().size() == 2);
    CHECK(log.failures()[1].text("outcome") == "back");
}

TEST_CASE("a repository that comes and goes does not fill the log about itself") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()));
    for (int i = 0; i < 5; ++i) {
        write(log, 1);
        repository.accept().close();
        do repository.accept().hear_out();
        while (!sending.comes_to_rest(1s));
    }
    CHECK(log.failures().size() == 2);
}

TEST_CASE("messages that had not arrived when the gateway was killed are sent by the next one") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    {
        Sending sending(log, Sending::at(repository.port()));
        write(log, 3);
        auto delivery = repository.accept();
        CHECK(delivery.hear(3) == messages(1, 3));
        sending.kill();
    }
    const Sending sending(log, Sending::at(repository.port()));
    CHECK(repository.accept().hear(3) == messages(1, 3));
}

TEST_CASE("a gateway that ends sends what is in the log") {
    Wire wire;
    WrittenLog log;
    ScriptedRepository repository(wire);
    Sending sending(log, Sending::at(repository.port()));
    write(log, 2);
    auto ended = std::async(std::launch::async, [&] { sending.finish(); });
    auto delivery = repository.accept();
    CHECK(delivery.hear(2) == messages(1, 2));
    CHECK(delivery.hears_the_end());
    delivery.close();
    REQUIRE(ended.wait_for(patience) == std::future_status::ready);
    CHECK(sending.first() == 3);
}

TEST_CASE("a gateway that ends does not wait for a repository that is away") {
    Wire wire;
    WrittenLog log;
    Sending sending(log, Sending::at(free_port(wire)));
    write(log, 2);
    auto ended = std::async(std::launch::async, [&] { sending.finish(); });
    CHECK(ended.wait_for(patience) == std::future_status::ready);
    CHECK(sending.first() == 1);
}

TEST_CASE("over TLS the repository is known by its certificate, and no other gets a message") {
    Wire wire;
    WrittenLog log;
    const CertificateFolder folder;
    const Authority authority(folder, "authority");
    const auto issued = authority.issue("repository", {"DNS:audit.example"});
    const auto server =
        tls::Context::server({issued.certificate, issued.key, {}}, tls::ClientCertificate::none);
    const auto name = GENERATE("audit.example", "other.example");
    ScriptedRepository repository(wire);
    const Sending sending(log, Sending::at(repository.port()),
                          tls::Context::client({{}, {}, authority.file()}, name));
    write(log, 2);
    if (name == std::string("audit.example")) {
        CHECK(repository.accept(server).hear_out() == messages(1, 2));
        CHECK(sending.comes_to_rest());
        return;
    }
    CHECK(repository.refuses(server));
    while (log.failures().empty()) std::this_thread::sleep_for(5ms);
    CHECK(log.failures()[0].text("detail").find("hostname mismatch") != std::string::npos);
    CHECK(sending.metric("sent_total") == -1);
    CHECK(sending.first() == 1);
}
