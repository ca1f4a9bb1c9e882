// Sealed images that come back under another SOP Instance UID than they were sealed under: where the archive
// may do so they open, elsewhere they reach nobody.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/image/build.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

const std::string original = "1.2.8.1.1";
const std::string renumbered = "1.2.8.1.9";  // of the same length, so that nothing else changes

Hospital hospital_whose_archive(bool renumbers, bool pass_unregistered = false) {
    return Hospital([=](Settings& settings) {
        settings.archives[0].renumbers = renumbers;
        settings.pass_unregistered = pass_unregistered;
    });
}

Object under_another_uid(Object object) {
    auto& bytes = object.data_set;
    const auto at = std::search(bytes.begin(), bytes.end(), original.begin(), original.end());
    REQUIRE(at != bytes.end());
    std::copy(renumbered.begin(), renumbered.end(), at);
    object.instance = renumbered;
    return object;
}

void check_refused(Hospital& hospital, const Object& object, const std::string& event,
                   const std::string& reason) {
    const auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), object.data_set);
    CHECK(delivery.hear().command.status() == 0xB000);
    CHECK(hospital.workstation.nobody_called());
    const auto said = hospital.audit({{"event", event}, {"sop_instance", object.instance}});
    REQUIRE(said.size() == 1);
    CHECK(said[0]["reason"] == reason);
    CHECK(hospital.audit({{"event", "retrieve"}, {"phase", "intent"}}).empty());
}

}  // namespace

TEST_CASE("what an archive renumbered opens by the envelope in it, or by the one that its mark names") {
    const std::size_t size = GENERATE(256 * 1024, 6 * 1024 * 1024);
    const bool stripped = GENERATE(false, true);
    auto hospital = hospital_whose_archive(true);
    const auto object = an_image(original, size);
    auto sealed = hospital.store(object);
    if (stripped) sealed = without_block(std::move(sealed));
    const auto returned = under_another_uid({original, object.study, sealed});
    const auto expected = under_another_uid(object);
    CHECK((retrieve(hospital, returned, returned.data_set) == expected.data_set));
    const auto stored = hospital.audit({{"event", "store"}, {"phase", "intent"}});
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["sop_instance"] == renumbered);
    CHECK(outcomes[0]["sealed_as"] == original);
    CHECK(outcomes[0]["envelope"] == stored[0]["envelope"]);
    const auto ends = hospital.audit({{"event", "retrieve"}, {"phase", "end"}});
    REQUIRE(ends.size() == 1);
    CHECK(ends[0]["delivered"] == 1);
    CHECK_FALSE(ends[0].contains("missing"));
    CHECK(hospital.audit({{"event", "alert"}}).empty());
}

TEST_CASE("what an archive renumbered that is not said to do so raises the alarm") {
    const bool pass_unregistered = true;
    const bool stripped = GENERATE(false, true);
    auto hospital = hospital_whose_archive(false, pass_unregistered);
    const auto object = an_image(original);
    auto sealed = hospital.store(object);
    if (stripped) sealed = without_block(std::move(sealed));
    check_refused(hospital, under_another_uid({original, object.study, sealed}), "alert", "renumbered");
    CHECK(hospital.audit({{"event", "alert"}, {"sealed_as", original}}).size() == 1);
}

TEST_CASE("pixels of a renumbered image that were changed raise the alarm") {
    auto hospital = hospital_whose_archive(true);
    const auto object = an_image(original);
    auto returned = under_another_uid({original, object.study, hospital.store(object)});
    returned.data_set[returned.data_set.size() / 2] ^= 1;
    check_refused(hospital, returned, "alert", "tampered with: does not verify");
}

TEST_CASE("an archive that renumbers cannot give one registered image the UID of another") {
    auto hospital = hospital_whose_archive(true);
    const auto object = an_image(original);
    const auto sealed = hospital.store(object);
    hospital.store(an_image(renumbered));
    check_refused(hospital, under_another_uid({original, object.study, sealed}), "alert",
                  "tampered with: does not verify");
}

TEST_CASE("of an archive that renumbers, what nobody registered is refused as policy says") {
    auto hospital = hospital_whose_archive(true);
    check_refused(hospital, an_image(original), "refusal", "not registered");
}

TEST_CASE("an older copy that was renumbered is told from the current one") {
    auto hospital = hospital_whose_archive(true);
    const auto object = an_image(original);
    const auto first = hospital.store(object);
    hospital.store(object);
    const auto returned = under_another_uid({original, object.study, first});
    CHECK((retrieve(hospital, returned, returned.data_set) == under_another_uid(object).data_set));
    CHECK(hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}, {"superseded", true}}).size() == 1);
}
