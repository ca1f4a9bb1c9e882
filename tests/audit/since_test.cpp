#include "gateway/audit/since.hpp"

#include <catch2/catch.hpp>

#include "gateway/base/rfc3339.hpp"
#include "tests/audit/fixture.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::system_clock::time_point noon{1'764'417'600s};

/// A log with a record each minute from noon on.
void keep(const std::filesystem::path& folder, std::size_t records) {
    AuditLog log(folder);
    Prepared prepared;
    for (std::size_t i = 0; i < records; ++i) {
        auto payload = "\"time\":\"" + rfc3339(noon + i * 1min) + "\",\"event\":\"store\"";
        log.prepare(payload);
        prepared.emplace_back(i, std::move(payload));
    }
    log.apply(prepared);
    log.sync();
}

}  // namespace

TEST_CASE("the first record since a time is found wherever it stands") {
    const std::size_t records = GENERATE(1, 2, 3, 8, 9, 100);
    const TemporaryFolder folder;
    keep(folder, records);
    CHECK(first_since(folder, noon - 1h) == 1);
    for (std::size_t i = 0; i < records; ++i) {
        CHECK(first_since(folder, noon + i * 1min) == i + 1);
        CHECK(first_since(folder, noon + i * 1min + 1ms) == i + 2);
    }
}

TEST_CASE("of a log without records the first is the one that will come") {
    const TemporaryFolder folder;
    const AuditLog log(folder);
    CHECK(first_since(folder, noon) == 1);
}
