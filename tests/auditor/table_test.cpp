#include "gateway/auditor/table.hpp"

#include <catch2/catch.hpp>

#include "tests/auditor/log.hpp"

using namespace portcullis::auditor;
using Catch::Contains;
using Catch::StartsWith;
using test::logged;

TEST_CASE("A record is one line with its columns under their heads") {
    const auto row = table_row(logged({"retrieve",
                                       {{"phase", "outcome"},
                                        {"calling_ae", "WS1"},
                                        {"address", "10.0.1.7"},
                                        {"user", "anna"},
                                        {"patient_id", "4711"},
                                        {"sealed", true},
                                        {"status", "0000"}}}));
    CHECK(row ==
          "        1  2026-11-29 14:05:00.123  retrieve outcome   success  WS1 10.0.1.7 (anna)           "
          "patient_id 4711, sealed true, status 0000");
    for (const auto* head : {"time", "event", "outcome", "who", "what"})
        CHECK_THAT(table_head(), Contains(head));
    CHECK(table_head().find("who") == row.find("WS1"));
    CHECK(table_head().find("what") == row.find("patient_id"));
}

TEST_CASE("The word of an event for its outcome stands where it has no phase") {
    CHECK_THAT(table_row(logged({"association", {{"outcome", "turned away"}}})),
               Contains("association turned away") && Contains("refused"));
}

TEST_CASE("What others wrote into a record cannot move the cursor") {
    const auto row =
        table_row(logged({"alert", {{"calling_ae", "A\x1b[2J"}, {"detail", "x\r\n\x7f\xc2\x9b"}}}));
    CHECK_THAT(row, Contains("A?[2J") && Contains("detail x????"));
    CHECK(printable("M\xc3\xbcller \xc2\xa7") == "M\xc3\xbcller \xc2\xa7");
}
