#include "gateway/auditor/csv.hpp"

#include <catch2/catch.hpp>

#include "tests/auditor/log.hpp"

using namespace portcullis::auditor;
using Catch::Contains;
using Catch::EndsWith;
using test::logged;

TEST_CASE("The columns are those that are documented") {
    CHECK(csv_head() ==
          "seq,time,event,phase,outcome,operation,calling_ae,called_ae,address,user,peer,archive,destination,"
          "sop_class,sop_instance,study,patient_id,status,decision,rule,reason,detail,bytes,rest\r\n");
}

TEST_CASE("A record is a row, and what has no column stands in the last one") {
    CHECK(csv_row(logged({"store",
                          {{"phase", "outcome"},
                           {"calling_ae", "CT1"},
                           {"patient_id", "4711"},
                           {"status", "0000"},
                           {"bytes", std::uint64_t{512}},
                           {"units", std::uint64_t{3}},
                           {"superseded", true}}})) ==
          "1,2026-11-29T14:05:00.123Z,store,outcome,success,,CT1,,,,,,,,,,4711,0000,,,,,512,"
          "\"{\"\"units\"\":3,\"\"superseded\"\":true}\"\r\n");
    CHECK_THAT(csv_row(logged({"reload", {{"outcome", "done"}}})),
               EndsWith(",\"{\"\"outcome\"\":\"\"done\"\"}\"\r\n"));
    CHECK_THAT(csv_row(logged({"start", {}})), EndsWith(",,\r\n"));
}

TEST_CASE("Commas, quotes and line breaks stay in their field") {
    CHECK_THAT(csv_row(logged({"alert", {{"reason", "a,b"}, {"detail", "say \"x\"\r\nline 2"}}})),
               Contains(",\"a,b\",\"say \"\"x\"\"\r\nline 2\",,\r\n"));
}

TEST_CASE("No spreadsheet takes a value for a formula") {
    for (const std::string value : {"=1+1", "+1", "-1", "@SUM(A1)"})
        CHECK_THAT(csv_row(logged({"store", {{"patient_id", value}}})), Contains(",'" + value + ","));
    CHECK_THAT(csv_row(logged({"store", {{"patient_id", "=HYPERLINK(\"a\",\"b\")"}}})),
               Contains(",\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\","));
    CHECK_THAT(csv_row(logged({"store", {{"patient_id", "\r=1"}}})), Contains(",\"'\r=1\","));
    CHECK_THAT(csv_row(logged({"store", {{"patient_id", "4-7"}}})), Contains(",4-7,"));
    CHECK_THAT(csv_row(logged({"store", {{"patient_id", "\t=1"}}})), Contains(",\"'\t'=1\","));
}

TEST_CASE("Nor does one that takes semicolons or tabs for separators") {
    CHECK_THAT(csv_row(logged({"store", {{"patient_id", "a;=1;b;-2"}}})), Contains(",\"a;'=1;b;'-2\","));
    CHECK_THAT(csv_row(logged({"store", {{"patient_id", "a\t@b"}}})), Contains(",\"a\t'@b\","));
    CHECK_THAT(csv_row(logged({"store", {{"patient_id", "a;b"}}})), Contains(",\"a;b\","));
}
