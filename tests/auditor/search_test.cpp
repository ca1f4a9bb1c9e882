#include "gateway/auditor/search.hpp"

#include <catch2/catch.hpp>

#include "gateway/keys/keyring.hpp"
#include "tests/auditor/log.hpp"

using namespace portcullis;
using namespace portcullis::auditor;
using test::Dated;
using test::Log;
using Numbers = std::vector<std::uint64_t>;
using Catch::Contains;

namespace {

std::string at(const std::string& time) {
    return "2026-11-29T" + time + "Z";
}

/// Some of a hospital's day, and the next one's first record.
std::vector<Dated> a_day() {
    return {
        {at("08:00:00.000"), {"start", {{"gateway", "gate-1"}}}},
        {at("08:00:01.000"),
         {"store",
          {{"calling_ae", "CT1"},
           {"phase", "outcome"},
           {"sop_instance", "1.2.8.1"},
           {"study", "1.2.8"},
           {"patient_id", "4711"},
           {"status", "0000"}}}},
        {at("08:00:02.000"),
         {"store",
          {{"calling_ae", "CT1"},
           {"phase", "outcome"},
           {"sop_instance", "1.2.8.11"},
           {"study", "1.2.8"},
           {"patient_id", "47110"},
           {"status", "A700"}}}},
        {at("08:00:03.000"),
         {"retrieve",
          {{"calling_ae", "WS1"},
           {"user", "anna"},
           {"destination", "WS2"},
           {"peer", "ward"},
           {"phase", "outcome"},
           {"sop_instance", "1.2.9.1"},
           {"sealed_as", "1.2.8.1"},
           {"study", "1.2.9"},
           {"patient_id", "M\xfcller \"4711\""},
           {"status", "0000"}}}},
        {at("08:00:04.000"),
         {"retrieve",
          {{"calling_ae", "WS1"},
           {"phase", "end"},
           {"missing", std::uint64_t{2}},
           {"missing_instances", "1.2.8.3 1.2.8.1"},
           {"status", "0000"}}}},
        {at("08:00:05.000"), {"alert", {{"calling_ae", "4711"}, {"reason", "tampered"}}}},
        {"2026-11-30T00:00:00.000Z", {"refusal", {{"calling_ae", "WS1"}, {"status", "0124"}}}},
    };
}

Numbers found(const Log& log, const Conditions& asked, const std::optional<audit::Identifiers>& key = {}) {
    Search search(log.folder(), asked, key);
    Numbers numbers;
    while (const auto record = search.next()) numbers.push_back(record->logged.seq);
    return numbers;
}

/// A keyring in a folder of its own, with a key for identifiers.
class Keyring {
  public:
    Keyring() { keys::Keyring::init(folder()); }
    std::filesystem::path folder() const { return std::filesystem::path(folder_) / "keys"; }
    audit::Identifiers identifiers() const { return audit::Identifiers::hashed(folder()); }

  private:
    const audit::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("Records are found by each of the conditions") {
    const Log log(a_day());
    CHECK(found(log, {}) == Numbers{1, 2, 3, 4, 5, 6, 7});
    CHECK(found(log, {.patient = "4711"}) == Numbers{2});
    CHECK(found(log, {.patient = "M\xc3\xbcller \"4711\""}) == Numbers{4});
    CHECK(found(log, {.patient = "471"}).empty());
    CHECK(found(log, {.study = "1.2.8"}) == Numbers{2, 3});
    CHECK(found(log, {.instance = "1.2.8.1"}) == Numbers{2, 4, 5});
    CHECK(found(log, {.peers = {"WS1"}}) == Numbers{4, 5, 7});
    CHECK(found(log, {.peers = {"ward"}}) == Numbers{4});
    CHECK(found(log, {.peers = {"WS2", "CT1"}}) == Numbers{2, 3, 4});
    CHECK(found(log, {.user = "anna"}) == Numbers{4});
    CHECK(found(log, {.event = "store"}) == Numbers{2, 3});
    CHECK(found(log, {.from = at("08:00:04.000")}) == Numbers{5, 6, 7});
    CHECK(found(log, {.to = at("08:00:01.000")}) == Numbers{1, 2});
    CHECK(found(log, {.outcome = Outcome::failure}) == Numbers{3});
    CHECK(found(log, {.outcome = Outcome::refused}) == Numbers{7});
    CHECK(found(log, {.outcome = Outcome::alert}) == Numbers{6});
}

TEST_CASE("Of several conditions all must hold") {
    const Log log(a_day());
    CHECK(found(log, {.study = "1.2.8", .outcome = Outcome::success}) == Numbers{2});
    CHECK(found(log, {.peers = {"WS1"}, .user = "anna", .from = at("08:00:00.000")}) == Numbers{4});
    CHECK(found(log, {.patient = "4711", .event = "retrieve"}).empty());
}

TEST_CASE("What is hashed is found with the key, beside what was written before it was") {
    const Keyring keyring;
    Log log(a_day());
    log.append(a_day(), keyring.identifiers());
    const auto key = keyring.identifiers();
    CHECK(found(log, {.patient = "4711"}, key) == Numbers{2, 9});
    CHECK(found(log, {.patient = "M\xc3\xbcller \"4711\""}, key) == Numbers{4, 11});
    CHECK(found(log, {.study = "1.2.8"}, key) == Numbers{2, 3, 9, 10});
    CHECK(found(log, {.instance = "1.2.8.1"}, key) == Numbers{2, 4, 5, 9, 11, 12});
    CHECK(found(log, {.peers = {"WS1"}}) == Numbers{4, 5, 7, 11, 12, 14});
}

TEST_CASE("Without the key nobody is told that there is nothing") {
    const Keyring keyring;
    const Log log(a_day(), keyring.identifiers());
    for (const auto& asked :
         {Conditions{.patient = "4711"}, Conditions{.study = "1.2.8"}, Conditions{.instance = "1.2.8.1"}})
        CHECK_THROWS_WITH(found(log, asked), Contains("keyed hashes") && Contains("--keyring"));
    const Keyring other;
    CHECK(found(log, {.patient = "4711"}, other.identifiers()).empty());
}

TEST_CASE("A line that is no record ends the search with its number") {
    const Log log({a_day()[0]});
    audit::write(log.file(), audit::content(log.file()) + "{\"seq\":2,\"time\":5}\n");
    CHECK_THROWS_WITH(found(log, {}), Contains("line 2") && Contains("audit verify"));
}
