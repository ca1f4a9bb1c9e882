// A full disk stops serving before it stops auditing.

#include "gateway/service/free_space.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "gateway/dimse/status.hpp"
#include "tests/service/deeds.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service;
using namespace portcullis::service::test;

namespace {

constexpr std::uint64_t more_than_any_disk_has = std::uint64_t{1} << 62;

void no_room(Settings& settings) {
    settings.limits.free_space = more_than_any_disk_has;
}

}  // namespace

TEST_CASE("the fullest of the disks counts, and what cannot be measured is full") {
    std::map<std::filesystem::path, std::uintmax_t> free = {{"journal", 100}, {"audit", 70}};
    FreeSpace space({"journal", "audit"}, 50, [&](const auto& folder) { return free.at(folder); });
    CHECK_FALSE(space.low());
    CHECK(space.bytes() == 70);
    CHECK_FALSE(space.look());

    free["audit"] = 50;
    CHECK_FALSE(space.look());
    free["audit"] = 49;
    CHECK(space.look());
    CHECK(space.low());
    CHECK_FALSE(space.look());
    free["audit"] = 200;
    CHECK(space.look());
    CHECK_FALSE(space.low());
    CHECK(space.bytes() == 100);

    CHECK(FreeSpace::available("/nowhere/at/all") == 0);
    CHECK(FreeSpace::available(std::filesystem::temp_directory_path()) > 0);
}

namespace {

/// While one lives, the disk of the audit log cannot be measured, and so is taken to be full.
class LostFolder {
  public:
    explicit LostFolder(const Hospital& hospital)
        : folder_(hospital.folder.path() / "audit"), away_(hospital.folder.path() / "away") {
        std::filesystem::rename(folder_, away_);
    }
    ~LostFolder() { std::filesystem::rename(away_, folder_); }
    LostFolder(const LostFolder&) = delete;
    LostFolder& operator=(const LostFolder&) = delete;

  private:
    std::filesystem::path folder_, away_;
};

void await_free_space(const Hospital& hospital, bool some) {
    const auto deadline = net::Clock::now() + patience;
    while ((hospital.metric("portcullis_free_space_bytes") != "0") != some)
        if (net::Clock::now() > deadline) throw std::runtime_error("the disk is not looked at");
}

}  // namespace

TEST_CASE("with too little room associations are rejected, and the audit says why") {
    Hospital hospital(no_room);
    CHECK(hospital.call(scanner_proposal()).rejected() == ul::AssociateRj{2, 3, 2});  // transient
    CHECK(hospital.metric("portcullis_associations_rejected_total{reason=\"disk nearly full\"}") == "1");
    CHECK(hospital.audit({{"event", "alert"}, {"reason", "disk nearly full"}}).size() == 1);
    CHECK(hospital.audit({{"outcome", "rejected"}, {"detail", "disk nearly full"}, {"calling_ae", "CT1"}})
              .size() == 1);
}

TEST_CASE("on associations that run, nothing is stored or handed out until there is room again") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    auto [viewer, asked_pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    {
        const LostFolder lost(hospital);
        await_free_space(hospital, false);
        scanner.say(1, store_rq(1, object), object.data_set);
        CHECK(scanner.hear().command.status() == dimse::status::out_of_resources);
        delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
        CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
        CHECK(hospital.workstation.nobody_calls_within(std::chrono::milliseconds(100)));
    }
    await_free_space(hospital, true);
    scanner.say(1, store_rq(2, object), object.data_set);
    pacs.say(1, dimse::response_to(pacs.hear().command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, pacs);
    const auto refused = hospital.audit({{"event", "refusal"}, {"reason", "disk nearly full"}});
    REQUIRE(refused.size() == 2);
    CHECK(refused[0]["operation"] == "store");
    CHECK(refused[0]["status"] == "A700");
    CHECK(refused[1]["operation"] == "retrieve");
    CHECK(hospital.audit({{"event", "warning"}, {"reason", "disk has room again"}}).size() == 1);
}

TEST_CASE("who only observes relays on a full disk, too") {
    Hospital hospital([](Settings& settings) {
        no_room(settings);
        settings.mode = Mode::observe;
    });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    release(scanner, pacs);
}
