#include "gateway/audit/status.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::audit;

TEST_CASE("A status is a success, a warning or a failure") {
    CHECK(kind_of_status("0000") == StatusKind::success);
    for (const auto* warning : {"0001", "0107", "0116", "B000", "B007", "BFFF", "FE00"}) {
        CAPTURE(warning);
        CHECK(kind_of_status(warning) == StatusKind::warning);
    }
    for (const auto* failure : {"A700", "C000", "0122", "0211", "unknown", "", "B00x", "B0000"}) {
        CAPTURE(failure);
        CHECK(kind_of_status(failure) == StatusKind::failure);
    }
}
