// A plugin that passed its self-test and fails at an image: that image is given up, and nobody gets a part.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/codec/plugins/files.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

// Pixels of so many bytes (tests/codec/plugins/fail_later.c).
constexpr std::size_t never_encrypted = 3072;
constexpr std::size_t never_decrypted = 5120;

void seal_with_plugin(Settings& settings) {
    settings.plugins = {{portcullis::test::allowed(portcullis::test::built_plugin("fail_later")), "here"}};
    settings.codec = "fail-later";
    settings.codecs_allowed = {"fail-later"};
}

}  // namespace

TEST_CASE("an image that a plugin fails to seal is refused alone") {
    Hospital hospital(seal_with_plugin);
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", never_encrypted);
    scanner.say(1, store_rq(1, object), object.data_set);
    CHECK(pacs.hear_end() == End::aborted);  // before a word of the image has left
    CHECK(scanner.hear().command.status() == dimse::status::out_of_resources);

    const auto next = an_image("1.2.8.1.2");
    scanner.say(1, store_rq(2, next), next.data_set);
    auto again = hospital.archive.accept();
    again.say(1, response_to(again.hear().command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, again);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "store"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["sop_instance"] == object.instance);
    CHECK(hospital.audit({{"event", "failure"}}).empty());
}

TEST_CASE("an image that a plugin fails to open is withheld") {
    Hospital hospital(seal_with_plugin);
    const auto object = an_image("1.2.8.1.1", never_decrypted);
    const auto sealed = hospital.store(object);
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    CHECK(hospital.workstation.nobody_called());
    moving.archive.say(1, retrieve_rsp(moving.asked, 0xB000, {0, 0, 0, 1}));
    CHECK(failed_instances(moving.viewer.hear().data_set) == std::vector{object.instance});
    const auto alerts = hospital.audit({{"event", "alert"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["sop_instance"] == object.instance);
    CHECK(alerts[0]["detail"] == "codec fail-later failed at unit 0");
}
