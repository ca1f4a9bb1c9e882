#include "gateway/base/rfc3339.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;
using namespace std::chrono_literals;
using std::chrono::system_clock;

TEST_CASE("a time is written in UTC, to the millisecond, and read back") {
    const system_clock::time_point time{1'764'417'600s + 45ms};
    CHECK(rfc3339(time) == "2025-11-29T12:00:00.045Z");
    CHECK(rfc3339(system_clock::time_point(0s)) == "1970-01-01T00:00:00.000Z");
    CHECK(rfc3339(system_clock::time_point(-1ms)) == "1969-12-31T23:59:59.999Z");
    for (const auto at : {time, system_clock::time_point(0s), system_clock::time_point(951'782'399'999ms)})
        CHECK(parse_rfc3339(rfc3339(at)) == at);
}

TEST_CASE("what is not written so is no time") {
    for (const char* text :
         {"", "now", "2025-11-29", "2025-11-29T12:00:00Z", "2025-11-29T12:00:00.045",
          "2025-11-29T12:00:00.045+", "2025-11-29t12:00:00.045Z", "2025-11-29T12:00:00.045Zz",
          "2025-02-30T12:00:00.045Z", "2025-11-29T24:00:00.045Z", " 2025-11-29T12:00:00.045Z",
          "2025-1-29T12:00:00.045Z"})
        CHECK_FALSE(parse_rfc3339(text));
}
