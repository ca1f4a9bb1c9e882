#include "gateway/auditor/day.hpp"

#include <catch2/catch.hpp>

#include "gateway/auditor/report.hpp"
#include "gateway/auditor/report_sections.hpp"
#include "tests/auditor/log.hpp"

using namespace portcullis;
using namespace portcullis::auditor;
using Catch::Contains;
using test::Dated;
using test::Log;
using test::Record;

namespace {

constexpr auto noon = "2026-11-29T12:00:00.000Z";

Record store(const std::string& decision, const std::string& envelope, const std::string& status) {
    return {"store",
            {{"calling_ae", "CT1"},
             {"phase", "outcome"},
             {"decision", decision},
             {"bytes", std::uint64_t{100}},
             {"status", status},
             {"envelope", envelope}}};
}

Record delivery(const std::string& study, bool sealed, const std::string& status,
                const std::string& user = "anna") {
    return {"retrieve",
            {{"phase", "outcome"},
             {"study", study},
             {"patient_id", "4711"},
             {"calling_ae", "WS1"},
             {"user", user},
             {"destination", "WS2"},
             {"sealed", sealed},
             {"status", status},
             {"bytes", std::uint64_t{1000}}}};
}

Day day_of(const std::vector<Record>& records) {
    Day day;
    for (const auto& record : records) day.add(test::logged(record, noon));
    return day;
}

}  // namespace

TEST_CASE("Stores are counted by what became of the object") {
    const auto day = day_of({store("seal", "ab", "0000"),
                             store("seal", "ab", "B000"),
                             store("seal", "", "0000"),
                             store("sealed already", "ab", "0000"),
                             store("pass", "", "0000"),
                             store("seal", "ab", "A700"),
                             store("seal", "ab", "unknown"),
                             {"refusal", {{"operation", "store"}, {"status", "0124"}}},
                             {"failure", {{"operation", "store"}, {"detail", "gone"}}}});
    CHECK(day.stored.sealed == 2);
    CHECK(day.stored.nothing_to_seal == 1);
    CHECK(day.stored.sealed_already == 1);
    CHECK(day.stored.passed == 1);
    CHECK(day.stored.failed == 2);
    CHECK(day.stored.unknown == 1);
    CHECK(day.stored.refused == 1);
    CHECK(day.stored.stored() == 5);
    CHECK(day.stored.bytes == 500);
    CHECK(sealed_share(day.stored) == "75 %");
}

TEST_CASE("The share that is sealed is never rounded up") {
    CHECK(sealed_share({}) == "none");
    CHECK(sealed_share({.sealed = 1}) == "100 %");
    CHECK(sealed_share({.sealed = 9999, .passed = 1}) == "99.9 %");
    CHECK(sealed_share({.sealed = 1, .passed = 2}) == "33.3 %");
    CHECK(sealed_share({.nothing_to_seal = 5, .passed = 1}) == "0 %");
}

TEST_CASE("Deliveries are counted by who asked and where they went") {
    auto pushed = delivery("1.3", true, "0000");
    pushed.event = "push";
    pushed.values.emplace_back("decision", "sealed");
    const auto day =
        day_of({delivery("1.2", true, "0000"),
                delivery("1.2", true, "0000"),
                delivery("1.3", false, "B007"),
                delivery("1.4", true, "A700"),
                delivery("1.2", true, "0000", "ben"),
                pushed,
                {"alert",
                 {{"phase", "refused"},
                  {"calling_ae", "WS1"},
                  {"user", "anna"},
                  {"destination", "WS2"},
                  {"operation", "retrieve"},
                  {"reason", "tampered"}}},
                {"alert", {{"calling_ae", "WS1"}, {"reason", "break-glass"}, {"rule", "night"}}},
                {"grant", {{"budget", "ward"}, {"by", "uid 0"}}},
                {"refusal", {{"calling_ae", "WS9"}, {"operation", "retrieve"}, {"reason", "policy"}}}});
    REQUIRE(day.accesses.size() == 3);
    const auto& anna = day.accesses.at({"retrieve", "WS1", "anna", "WS2"});
    CHECK(anna.opened == 2);
    CHECK(anna.clear == 1);
    CHECK(anna.failed == 1);
    CHECK(anna.withheld == 1);
    CHECK(anna.studies == std::set<std::string>{"1.2", "1.3"});
    CHECK(anna.bytes == 3000);
    CHECK(day.accesses.at({"retrieve", "WS1", "ben", "WS2"}).opened == 1);
    CHECK(day.accesses.at({"push", "WS1", "anna", "WS2"}).sealed == 1);
    CHECK(day.alerts.count == 2);
    CHECK(day.exceptions.count == 2);
    CHECK(day.refusals.count() == 2);
}

TEST_CASE("Equal refusals are one line, and a flood of different ones is not kept") {
    std::vector<Record> records(3, {"refusal", {{"calling_ae", "WS9"}, {"reason", "policy"}}});
    for (int i = 0; i < 2000; ++i)
        records.push_back({"refusal", {{"calling_ae", "X" + std::to_string(i)}, {"reason", "policy"}}});
    const auto day = day_of(records);
    CHECK(day.refusals.count() == 2003);
    CHECK(day.refusals.groups().size() == 1001);
    CHECK(day.refusals.groups().at({"refusal", "WS9", "", "policy", "", ""}).count == 3);
    CHECK(day.refusals.groups().at(Tally::Key(6, "others")).count == 1001);
}

TEST_CASE("Of a flood of alerts the first are listed, and all are counted") {
    const auto day = day_of(std::vector<Record>(1234, {"alert", {{"reason", "tampered"}}}));
    CHECK(day.alerts.count == 1234);
    CHECK(day.alerts.first.size() == 500);
    CHECK_THAT(alerts(day).tables[0].note, Contains("And 734 more"));
}

TEST_CASE("An object of which study and patient are not known counts as none of either") {
    auto unknown = delivery("", true, "0000");
    std::erase_if(unknown.values, [](const auto& value) { return value.first == "patient_id"; });
    const auto day = day_of({unknown, delivery("1.2", true, "0000")});
    const auto& access = day.accesses.at({"retrieve", "WS1", "anna", "WS2"});
    CHECK(access.opened == 2);
    CHECK(access.studies == std::set<std::string>{"1.2"});
    CHECK(access.patients == std::set<std::string>{"4711"});
}

TEST_CASE("A day has its own records, and its chain is verified") {
    std::vector<Dated> records = {{"2026-11-28T23:59:59.999Z", store("pass", "", "0000")},
                                  {"2026-11-29T00:00:00.000Z", store("seal", "ab", "0000")},
                                  {"2026-11-29T23:59:59.999Z", store("seal", "ab", "0000")},
                                  {"2026-11-30T00:00:00.000Z", store("pass", "", "0000")}};
    const Log log(records);
    const auto read = read_day(log.folder(), "2026-11-29");
    CHECK(read.sums.records == 2);
    CHECK(read.sums.first == 2);
    CHECK(read.sums.last == 3);
    CHECK(read.sums.stored.sealed == 2);
    CHECK(read.sums.stored.passed == 0);
    CHECK(read.chain.fault().empty());
    const auto page = plain_text(report(read, "--log /var/log/a"));
    CHECK_THAT(page, Contains("Audit report, 29 November 2026") && Contains("Records 2 to 3") &&
                         Contains("unbroken") && Contains("portcullis audit verify --log /var/log/a"));

    auto forged = audit::content(log.file());
    forged.replace(forged.find("\"seal\""), 6, "\"pass\"");
    audit::write(log.file(), forged);
    const auto changed = read_day(log.folder(), "2026-11-29");
    CHECK_THAT(changed.chain.fault(), Contains("record 2 was changed"));
    CHECK_THAT(plain_text(report(changed, "--log a")), Contains("CHAIN OF THE DAY IS BROKEN: record 2"));
}

TEST_CASE("No record leaves its day without breaking the chain") {
    const std::vector<Dated> records(4, {noon, store("pass", "", "0000")});
    const Log log(records);
    const auto whole = audit::content(log.file());
    const auto second = whole.find(noon, whole.find('\n'));
    for (const std::string time : {"2026-11-28T12:00:00.000Z", "yesterday,:12:00:00.000Z", "\"}"}) {
        CAPTURE(time);
        auto forged = whole;
        audit::write(log.file(), forged.replace(second, std::string_view(noon).size(), time));
        const auto read = read_day(log.folder(), "2026-11-29");
        CHECK(read.sums.records < 4);
        CHECK_THAT(read.chain.fault(), Contains("record 2"));
    }
}

TEST_CASE("The last checkpoint of a day is on its page, as it is signed") {
    DayOfLog read{
        "2026-11-29",
        day_of({{"checkpoint", {{"size", std::uint64_t{1}}, {"root_hash", "aa"}, {"note", "old"}}},
                {"checkpoint",
                 {{"size", std::uint64_t{7}}, {"root_hash", "bb"}, {"note", "gate\n7\nu7s=\n\n- gate x"}}}}),
        {}};
    CHECK_THAT(html(report(read, "--log a")), Contains(">7</td><td class=\"s\">bb</td>") &&
                                                  Contains("<pre>gate\n7\nu7s=\n\n- gate x</pre>") &&
                                                  !Contains("old"));
    CHECK_THAT(plain_text(report(read, "--log a")), Contains("  gate\n  7\n  u7s=\n  \n  - gate x\n"));
}

TEST_CASE("A day without records is told to be one") {
    const Log log({{noon, {"start", {}}}});
    const auto page = plain_text(report(read_day(log.folder(), "2026-11-28"), "--log a"));
    CHECK_THAT(page, Contains("No record of this day") && Contains("Nobody retrieved anything") &&
                         Contains("Nothing was refused") && Contains("No alerts"));
}
