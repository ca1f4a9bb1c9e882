// Sealed images that the registry does not know, where policy lets pass what the archive had before the
// gateway came: they open by the envelope in them, or reach nobody.

#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/keys/keyring.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

Hospital hospital_that_passes(bool unregistered) {
    return Hospital([=](Settings& settings) { settings.pass_unregistered = unregistered; });
}

void check_refused(Hospital& hospital, const Object& object, const Bytes& returned,
                   const std::string& event) {
    const auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), returned);
    CHECK(delivery.hear().command.status() == 0xB000);
    CHECK(hospital.workstation.nobody_called());
    CHECK(hospital.audit({{"event", event}, {"sop_instance", object.instance}}).size() == 1);
    CHECK(hospital.audit({{"event", "retrieve"}, {"phase", "intent"}}).empty());
}

}  // namespace

TEST_CASE("an image that was sealed offline opens by the envelope in it") {
    const std::size_t size = GENERATE(256 * 1024, 6 * 1024 * 1024);
    auto hospital = hospital_that_passes(true);
    const auto object = an_image("1.2.8.1.1", size);
    const auto sealed = sealed_offline(hospital.folder.path() / "keys", object);
    const auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    const auto received = destination.hear();
    CHECK((received.data_set == object.data_set));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["sealed"] == true);
    CHECK(outcomes[0]["registered"] == false);
}

TEST_CASE("an image that was sealed offline is refused where policy refuses what is not registered") {
    auto hospital = hospital_that_passes(false);
    const auto object = an_image("1.2.8.1.1");
    check_refused(hospital, object, sealed_offline(hospital.folder.path() / "keys", object), "refusal");
}

TEST_CASE("an image that a stranger sealed raises the alarm") {
    auto hospital = hospital_that_passes(true);
    const auto object = an_image("1.2.8.1.1");
    const TemporaryFolder elsewhere;
    keys::Keyring::init(elsewhere.path() / "keys");
    check_refused(hospital, object, sealed_offline(elsewhere.path() / "keys", object), "alert");
}

TEST_CASE("a sealed image to which the archive gave another UID raises the alarm") {
    const std::string renumbered = "1.2.8.1.9";  // of the same length, so that nothing else changes
    const std::size_t size = GENERATE(256 * 1024, 6 * 1024 * 1024);
    auto hospital = hospital_that_passes(true);
    auto object = an_image("1.2.8.1.1", size);
    auto sealed = hospital.store(object);
    const auto at = std::search(sealed.begin(), sealed.end(), object.instance.begin(), object.instance.end());
    REQUIRE(at != sealed.end());
    std::copy(renumbered.begin(), renumbered.end(), at);
    object.instance = renumbered;
    check_refused(hospital, object, sealed, "alert");
}

TEST_CASE("a block of ours without an envelope raises the alarm") {
    auto hospital = hospital_that_passes(true);
    auto object = an_image("1.2.8.1.1");
    const std::string creator("\xE1\x7F\xFE\x00LO\x0A\x00PORTCULLIS", 18);
    append(object.data_set, as_bytes(creator));
    check_refused(hospital, object, object.data_set, "alert");
}
