// How associations end, and the gateway itself.

#include <catch2/catch.hpp>

#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using namespace std::chrono_literals;
using dimse::response_to;

TEST_CASE("a release passes from the scanner to the archive and back") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.ask_release();
    pacs.grant_release();
    CHECK(scanner.hear_end() == End::released);
    CHECK(hospital.audit({{"event", "failure"}}).empty());
}

TEST_CASE("a scanner's abort reaches the archive") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.abort();
    CHECK(pacs.hear_end() == End::aborted);
}

TEST_CASE("an archive's abort while nothing is in flight is no concern of the scanner's") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    pacs.abort();
    CHECK(pacs.hear_end() == End::closed);
    const auto object = an_image("1.2.8.1.1", 1024);
    scanner.say(1, store_rq(1, object), object.data_set);
    auto again = hospital.archive.accept();
    again.say(1, response_to(again.hear().command, 0));
    CHECK(scanner.hear().command.status() == 0);
}

TEST_CASE("a scanner that leaves before it is answered is told of in the audit") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024);
    scanner.say(1, store_rq(1, object), object.data_set);
    pacs.hear();
    release(scanner, pacs);
    const auto lost = hospital.audit({{"event", "failure"}, {"operation", "store"}});
    REQUIRE(lost.size() == 1);
    CHECK(lost[0]["sop_instance"] == object.instance);
}

TEST_CASE("a scanner that falls silent does not keep the archive's association") {
    const bool in_the_middle = GENERATE(false, true);
    Hospital hospital([](Settings& settings) { settings.limits.idle = 200ms; });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024 * 1024);
    if (in_the_middle) {
        scanner.begin(1, store_rq(1, object));
        scanner.more(object.data_set);
        pacs.hear_command();
    }
    CHECK(pacs.hear_end() == End::aborted);
    CHECK(scanner.hear_end() == End::closed);
    CHECK(hospital.audit({{"event", "association"}, {"outcome", "aborted"}}).size() == 1);
}

TEST_CASE("a scanner that waits for the archive's answer may be silent for longer") {
    Hospital hospital([](Settings& settings) { settings.limits.idle = 100ms; });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024);
    scanner.say(1, store_rq(1, object), object.data_set);
    const auto stored = pacs.hear().command;
    std::this_thread::sleep_for(300ms);
    pacs.say(1, response_to(stored, 0));
    CHECK(scanner.hear().command.status() == 0);
}

TEST_CASE("an archive that does not answer does not keep the scanner") {
    Hospital hospital([](Settings& settings) { settings.limits.response = 200ms; });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024);
    scanner.say(1, store_rq(1, object), object.data_set);
    pacs.hear();
    CHECK(scanner.hear_end() == End::aborted);
    CHECK(pacs.hear_end() == End::closed);
}

TEST_CASE("a gateway that stops lets a store finish and takes no new calls") {
    Hospital hospital([](Settings& settings) { settings.limits.shutdown = patience; });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024 * 1024);
    const ByteView all = object.data_set;
    const auto port = hospital.port("scanners");
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(all.size() / 2));
    pacs.hear_command();
    hospital.stop();
    CHECK(hospital.refuses_calls(port));

    scanner.end(all.subspan(all.size() / 2));
    const auto rest = pacs.hear_rest();
    CHECK(rest.complete);
    auto stored = store_rq(1, object);
    pacs.say(1, response_to(stored, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, pacs);
    hospital.wait_for_end();
    CHECK(hospital.audit({{"event", "store"}, {"phase", "outcome"}}).size() == 1);
    CHECK(hospital.audit({{"event", "stop"}}).size() == 1);
}

TEST_CASE("a gateway that stops does not wait for ever for those that stay") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    hospital.stop();
    hospital.wait_for_end();
    CHECK(scanner.hear_end() == End::closed);
    CHECK(pacs.hear_end() == End::aborted);
}

TEST_CASE("a gateway that stops does not wait for an archive that never answered") {
    Hospital hospital;
    auto call = hospital.call(scanner_proposal());
    const auto silent = hospital.archive.take_and_keep_silent();
    hospital.stop();
    hospital.wait_for_end();
    CHECK_THROWS(call.established());
}
