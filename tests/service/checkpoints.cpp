// The gateway signs its audit log.

#include <catch2/catch.hpp>

#include "gateway/audit/verify.hpp"
#include "gateway/keys/audit_key.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using namespace std::chrono_literals;

namespace {

/// Whether it comes to hold before long.
template <class Condition>
bool comes_true(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(20ms);
    return condition();
}

std::uint64_t signed_records(const Hospital& hospital) {
    const auto latest = audit::latest_checkpoint(hospital.folder.path() / "audit");
    return latest ? latest->size : 0;
}

audit::Verified verified_by_key(const Hospital& hospital) {
    const auto key = keys::AuditKey::public_half(hospital.folder.path() / "keys");
    audit::Known known;
    known.keys.push_back({audit::origin_of("gate-1"), key.value()});
    return audit::verify(hospital.folder.path() / "audit", known);
}

}  // namespace

TEST_CASE("the audit log is signed when the gateway has started, and when it has stopped") {
    Hospital hospital;
    REQUIRE(comes_true([&] { return signed_records(hospital) > 0; }));
    CHECK_FALSE(verified_by_key(hospital).fault);
    CHECK(hospital.audit({{"event", "checkpoint"}}).size() == 2);
    const auto verified = verified_by_key(hospital);
    CHECK_FALSE(verified.fault);
    CHECK(verified.records == verified.checkpointed + 1);  // the record of the last checkpoint
}

TEST_CASE("the audit log is signed at intervals while there is news, and only then") {
    Hospital hospital([](Settings& settings) { settings.checkpoint = 50ms; });
    REQUIRE(comes_true([&] { return signed_records(hospital) > 0; }));
    const auto before = signed_records(hospital);
    hospital.store(an_image("1.2.8.1.1", 1024));
    REQUIRE(comes_true([&] { return signed_records(hospital) > before; }));
    std::this_thread::sleep_for(500ms);
    CHECK(hospital.audit({{"event", "checkpoint"}}).size() < 8);
    CHECK_FALSE(verified_by_key(hospital).fault);
}

TEST_CASE("a keyring of a version without audit keys gets one at the start, and the log is signed with it") {
    Hospital hospital;
    hospital.restart([](Settings& settings) {
        for (const auto* name : {"audit.key", "audit.pub"}) std::filesystem::remove(settings.keyring / name);
        for (const auto* name : {"audit.checkpoint", "audit.checkpoints"})
            std::filesystem::remove(settings.audit / name);
    });
    REQUIRE(comes_true([&] { return signed_records(hospital) > 0; }));
    CHECK(keys::AuditKey::public_half(hospital.folder.path() / "keys"));
}
