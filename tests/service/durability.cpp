// In which order things become durable, so that a crash at any moment neither loses an image nor leaves one
// that cannot be opened.

#include <catch2/catch.hpp>

#include "gateway/journal/segment.hpp"
#include "gateway/registry/change.hpp"
#include "tests/service/disk_gate.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using namespace std::chrono_literals;
using dimse::response_to;

namespace {

/// What the journal would give back after a crash at this moment.
std::vector<registry::Row> rows_on_disk(const std::filesystem::path& journal) {
    std::vector<registry::Row> rows;
    for (const auto& file : std::filesystem::directory_iterator(journal)) {
        if (file.path().extension() != ".journal") continue;
        journal::SegmentReader segment(file.path());
        while (const auto batch = segment.next()) {
            for (const auto& entry : batch->entries) {
                if (entry.kind != journal::Kind::registry) continue;
                const auto change = registry::decode(entry.payload);
                if (const auto* row = std::get_if<registry::Row>(&change)) rows.push_back(*row);
            }
        }
    }
    return rows;
}

}  // namespace

TEST_CASE("the archive gets the end of an image only when its envelope is on the disk") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1");
    {
        const HeldDisk held;
        scanner.say(1, store_rq(1, object), object.data_set);
        CHECK_FALSE(pacs.hears_last_within(200ms));
    }
    const auto stored = pacs.hear();
    const auto rows = rows_on_disk(hospital.folder.path() / "journal");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].sop_instance.str() == object.instance);
    CHECK(rows[0].study == object.study);
    CHECK_FALSE(rows[0].envelope.empty());
    pacs.say(1, response_to(stored.command, 0));
    CHECK(scanner.hear().command.status() == 0);
}

TEST_CASE("with durability batch nothing waits for the disk") {
    Hospital hospital([](Settings& settings) { settings.archives[0].durability = Durability::batch; });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1");
    const HeldDisk held;
    scanner.say(1, store_rq(1, object), object.data_set);
    pacs.say(1, response_to(pacs.hear().command, 0));
    CHECK(scanner.hear().command.status() == 0);
}

TEST_CASE("an archive with durability batch shows in a metric from the start") {
    const auto durability = GENERATE(Durability::batch, Durability::strict);
    Hospital hospital([&](Settings& settings) { settings.archives[0].durability = durability; });
    CHECK(hospital.metric("portcullis_durability_batch{archive=\"main\"}") ==
          (durability == Durability::batch ? "1" : ""));
}

TEST_CASE("the audit tells of an image before and after the archive has it") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    hospital.store(object);
    const auto records = hospital.audit({{"event", "store"}});
    REQUIRE(records.size() == 2);
    CHECK(records[0]["phase"] == "intent");
    CHECK(records[0]["decision"] == "seal");
    CHECK(records[0]["rule"] == "rule 1");
    CHECK(records[0]["calling_ae"] == "CT1");
    CHECK(records[0]["address"] == "127.0.0.1");
    CHECK(records[0]["study"] == object.study);
    CHECK(records[0]["patient_id"] == "PAT 1");
    CHECK(records[1]["phase"] == "outcome");
    CHECK(records[1]["status"] == "0000");
    CHECK(records[1]["envelope"] == records[0]["envelope"]);
}

TEST_CASE("a viewer gets the end of an image only when the audit of it is on the disk") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    auto held = std::make_unique<HeldDisk>();
    delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    CHECK_FALSE(destination.hears_last_within(200ms));
    held.reset();
    CHECK((destination.hear().data_set == object.data_set));
}

TEST_CASE("an image whose audit cannot be written to the disk does not arrive at a viewer") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    const BrokenDisk broken;
    delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    destination.hear_command();
    CHECK_FALSE(destination.hear_rest().complete);
    CHECK(destination.hear_end() == End::aborted);
    CHECK(delivery.hear().command.status() != 0);
    CHECK(hospital.metric("portcullis_refused_objects_total{archive=\"main\",reason=\"journal\"}") == "1");
}
