#include "gateway/auditor/chain.hpp"

#include <catch2/catch.hpp>

#include "tests/auditor/log.hpp"

using namespace portcullis;
using namespace portcullis::auditor;
using Catch::Contains;

namespace {

std::vector<std::string> some_lines() {
    std::vector<test::Dated> records(6, {"2026-11-29T08:00:00.000Z", {"start", {}}});
    audit::Head head;
    auto lines = audit::lines_of(test::lines_of(records, {}, head));
    for (auto& line : lines) line.pop_back();
    return lines;
}

Chain chain_of(const std::vector<std::string>& lines) {
    Chain chain;
    for (const auto& line : lines) chain.follow(line);
    return chain;
}

}  // namespace

TEST_CASE("A part of a log is unbroken, wherever it begins") {
    const auto lines = some_lines();
    const auto chain = chain_of({lines[1], lines[2], lines[3], lines[4], lines[5]});
    CHECK(chain.fault().empty());
    CHECK(chain.records() == 5);
    CHECK(chain.confirmed() == 0);
}

TEST_CASE("What was done to a part of a log is found, and where") {
    const auto lines = some_lines();
    CHECK_THAT(chain_of({lines[1], lines[3]}).fault(), Contains("record 3 is missing or moved"));
    CHECK_THAT(chain_of({lines[1], lines[3], lines[2]}).fault(), Contains("record 3 is missing or moved"));
    auto changed = lines[2];
    changed.replace(changed.find("start"), 5, "spark");
    CHECK_THAT(chain_of({lines[1], changed}).fault(), Contains("record 3 was changed"));
    CHECK_THAT(chain_of({changed}).fault(), Contains("record 3 was changed"));
    CHECK_THAT(chain_of({lines[1], "rubbish"}).fault(), Contains("record 3 is not a record"));
    CHECK_THAT(chain_of({"rubbish"}).fault(), Contains("not a record"));
}
