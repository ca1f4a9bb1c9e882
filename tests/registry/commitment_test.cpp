#include "gateway/registry/commitment.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <catch2/catch.hpp>

#include "tests/registry/feeder.hpp"

using namespace portcullis;
using namespace portcullis::registry;

namespace {

constexpr std::uint64_t day_ms = 24 * 60 * 60 * 1000;

AeTitle title(const std::string& text) {
    return *AeTitle::parse(text);
}

Commitment commitment(const std::string& transaction, const std::string& known_as,
                      std::uint64_t time_ms = 100 * day_ms, const std::string& archive = "main") {
    return {uid(transaction), archive,         title("CT1"),
            title("PACS"),    title(known_as), *IpAddress::parse("10.0.3.1"),
            time_ms,          "ct-1"};
}

}  // namespace

TEST_CASE("A commitment is found from the moment it is prepared, and after opening again") {
    const TemporaryFolder folder;
    const auto asked_for = commitment("1.2.77", "CT1");
    const auto check = [&](const Registry& registry) {
        CHECK(registry.find_commitment("main", uid("1.2.77"), title("CT1")) == asked_for);
        CHECK(registry.find_commitment("main", uid("1.2.78"), title("CT1")) == std::nullopt);
        CHECK(registry.find_commitment("main", uid("1.2.77"), title("CT2")) == std::nullopt);
        CHECK(registry.find_commitment("other", uid("1.2.77"), title("CT1")) == std::nullopt);
        CHECK(registry.has_commitment("main", title("CT1")));
        CHECK_FALSE(registry.has_commitment("main", title("CT2")));
        CHECK_FALSE(registry.has_commitment("other", title("CT1")));
    };
    {
        Registry registry(folder.url());
        CHECK_FALSE(registry.has_commitment("main", title("CT1")));
        Feeder feeder(registry);
        feeder.prepare(asked(asked_for));
        check(registry);
        feeder.apply();
        check(registry);
        CHECK(registry.size() == 0);  // objects
    }
    check(Registry(folder.url()));
}

TEST_CASE("Of a transaction that is asked for again the latest request counts") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    Feeder feeder(registry);
    auto again = commitment("1.2.77", "CT1");
    again.called = title("PORTCULLIS");
    const bool apart = GENERATE(false, true);
    feeder.prepare(asked(commitment("1.2.77", "CT1")));
    if (apart) feeder.apply();
    feeder.prepare(asked(again));
    CHECK(registry.find_commitment("main", uid("1.2.77"), title("CT1")) == again);
    feeder.apply();
    CHECK(registry.find_commitment("main", uid("1.2.77"), title("CT1")) == again);
}

TEST_CASE("Commitments among the changes leave objects as they are") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    Feeder feeder(registry);
    feeder.prepare(put(row("1.2.3", 5)));
    feeder.prepare(asked(commitment("1.2.3", "CT1")));
    feeder.prepare(outcome_of(row("1.2.3", 5), State::stored));
    for (int applied = 0; applied < 2; ++applied) {
        CHECK(registry.find(uid("1.2.3")) == std::vector<Row>{row("1.2.3", 5)});
        CHECK(registry.instances_of_study(uid("1.1")) == std::vector<Uid>{uid("1.2.3")});
        CHECK(registry.size() == 1);
        feeder.apply();
    }
}

TEST_CASE("A commitment is forgotten when it is older than thirty days") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    Feeder feeder(registry);
    feeder.prepare(asked(commitment("1.2.1", "CT1", 100 * day_ms)));
    feeder.prepare(asked(commitment("1.2.2", "CT2", 130 * day_ms)));
    feeder.apply();
    CHECK(registry.has_commitment("main", title("CT1")));
    feeder.prepare(asked(commitment("1.2.3", "CT3", 130 * day_ms + 1)));
    feeder.apply();
    CHECK_FALSE(registry.has_commitment("main", title("CT1")));
    CHECK(registry.has_commitment("main", title("CT2")));
    CHECK(registry.has_commitment("main", title("CT3")));
}

TEST_CASE("Of more commitments than are kept the oldest are forgotten") {
    const TemporaryFolder folder;
    {
        Registry registry(folder.url());
        Feeder feeder(registry);
        feeder.prepare(asked(commitment("1.2.1", "FIRST")));
        feeder.prepare(asked(commitment("1.2.2", "SECOND")));
        feeder.prepare(asked(commitment("1.2.3", "THIRD")));
        feeder.apply();
    }
    // As if there had been so many between them.
    soci::session sql(soci::sqlite3, "dbname=" + (folder / "registry.db").string());
    sql << "update commitment set id = :m where known_as = 'THIRD'",
        soci::use(static_cast<long long>(most_commitments));
    sql.close();
    Registry registry(folder.url());
    CHECK(registry.has_commitment("main", title("FIRST")));
    Feeder feeder(registry);
    feeder.prepare(asked(commitment("1.2.4", "LAST")));
    feeder.apply();
    CHECK_FALSE(registry.has_commitment("main", title("FIRST")));
    for (const auto* left : {"SECOND", "THIRD", "LAST"}) CHECK(registry.has_commitment("main", title(left)));
}
