// Objects that were sealed before, for another archive, or with a key that this gateway has not.

#include <catch2/catch.hpp>

#include "gateway/registry/registry.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

const nlohmann::json intents = {{"event", "store"}, {"phase", "intent"}};

std::string registry_of(const Hospital& hospital) {
    return "sqlite:///" + (hospital.folder.path() / "registry.db").string();
}

}  // namespace

TEST_CASE("a sealed image that goes to a second archive is registered for that one, too") {
    Hospital hospital([](Settings& settings) {
        auto second = settings.archives[0];
        second.name = "second";
        second.ae_title = *AeTitle::parse("PACS2");
        settings.archives.push_back(second);
    });
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    for (int times = 0; times < 2; ++times)
        check_passes(hospital, proposal("CT1", "PACS2", {context(1, uid::ct)}), object, sealed);
    const auto said = hospital.audit(intents);
    REQUIRE(said.size() == 3);
    const registry::Registry registry(registry_of(hospital));
    const auto rows = registry.find(*Uid::parse(object.instance));
    REQUIRE(rows.size() == 2);  // the second time it was there already
    CHECK(rows[0].archive == "second");
    CHECK(rows[1].archive == "main");
    for (const auto& row : rows) CHECK(row.envelope_id == said[0]["envelope"]);
}

TEST_CASE("a sealed image of which the key is missing is refused, not sealed again, even without its block") {
    const bool stripped = GENERATE(false, true);
    const auto object = an_image("1.2.8.1.1");
    Hospital hospital;
    auto sealed = hospital.store(object);
    hospital.stop();
    hospital.wait_for_end();
    if (stripped) sealed = without_block(std::move(sealed));
    Hospital without_the_key([&](Settings& settings) {  // its keyring is another one
        settings.registry = registry_of(hospital);
        settings.journal = hospital.folder.path() / "journal";
        settings.audit = hospital.folder.path() / "audit";
    });
    {
        auto [scanner, pacs] = without_the_key.associate(scanner_proposal());
        scanner.say(1, store_rq(1, object), sealed);
        CHECK(scanner.hear().command.status() == 0xA700);
        release(scanner, pacs);  // the archive has heard nothing
    }
    without_the_key.stop();
    without_the_key.wait_for_end();
    const auto refusals = hospital.audit({{"event", "refusal"}, {"status", "A700"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["reason"].get<std::string>().starts_with("sealed already, cannot be verified"));
    CHECK(hospital.audit(intents).size() == 1);
}
