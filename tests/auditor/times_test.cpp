#include "gateway/auditor/times.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::auditor;

TEST_CASE("What is typed as a time is read as the log writes it") {
    struct Row {
        std::string typed, first, last;
    };
    const std::vector<Row> rows = {
        {"2026-11-29", "2026-11-29T00:00:00.000Z", "2026-11-29T23:59:59.999Z"},
        {"2024-02-29", "2024-02-29T00:00:00.000Z", "2024-02-29T23:59:59.999Z"},
        {"2026-11-29T14:05:00Z", "2026-11-29T14:05:00.000Z", "2026-11-29T14:05:00.999Z"},
        {"2026-11-29T14:05:00.5Z", "2026-11-29T14:05:00.500Z", "2026-11-29T14:05:00.500Z"},
        {"2026-11-29t14:05:00.123456z", "2026-11-29T14:05:00.123Z", "2026-11-29T14:05:00.123Z"},
        {"2026-11-29 14:05:00+01:00", "2026-11-29T13:05:00.000Z", "2026-11-29T13:05:00.999Z"},
        {"2026-12-31T23:30:00-01:30", "2027-01-01T01:00:00.000Z", "2027-01-01T01:00:00.999Z"},
        {"2026-11-29T23:59:60Z", "2026-11-30T00:00:00.000Z", "2026-11-30T00:00:00.999Z"},
    };
    for (const auto& [typed, first, last] : rows) {
        INFO(typed);
        CHECK(first_moment(typed) == first);
        CHECK(last_moment(typed) == last);
        CHECK(is_day(typed) == (typed.size() == 10));
    }
}

TEST_CASE("What is no time is not taken for one") {
    for (const auto* typed :
         {"", "today", "2026-11", "2026-13-01", "2026-02-29", "2026-11-29T", "2026-11-29T14:05Z",
          "2026-11-29T14:05:00", "2026-11-29T24:00:00Z", "2026-11-29T14:60:00Z", "2026-11-29T14:05:61Z",
          "2026-11-29T14:05:00.Z", "2026-11-29T14:05:00+1:00", "2026-11-29T14:05:00Z ", " 2026-11-29",
          "2026-11-29x", "+026-11-29", "20261129"}) {
        INFO(typed);
        CHECK_FALSE(first_moment(typed));
        CHECK_FALSE(last_moment(typed));
        CHECK_FALSE(is_day(typed));
    }
}
