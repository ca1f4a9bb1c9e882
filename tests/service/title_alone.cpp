// Who is known by an AE title alone is in the audit at start, once a day, and at the end.

#include "gateway/service/title_alone.hpp"

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service;
using namespace portcullis::service::test;
using namespace std::chrono_literals;
using std::chrono::sys_days;

namespace {

constexpr sys_days today{2026y / 3 / 28};

std::vector<policy::Peer> one_of_each() {
    return {{"reading-room", {*AeTitle::parse("WS1")}, {*Network::parse("10.0.1.7")}},
            {"tablets", {*AeTitle::parse("TAB")}, {}, true}};
}

std::uint64_t requests_of(const audit::Record& record) {
    for (const auto& [name, value] : record.values)
        if (name == "requests") return std::get<std::uint64_t>(value);
    throw std::runtime_error("no requests");
}

}  // namespace

TEST_CASE("the next UTC midnight is the end of the day, also at its first and last moment") {
    CHECK(next_utc_midnight(today) == today + 24h);
    CHECK(next_utc_midnight(today + 12h) == today + 24h);
    CHECK(next_utc_midnight(today + 24h - 1ns) == today + 24h);
}

TEST_CASE("peers that are known by a title alone are due at start and once on each UTC day") {
    TitleAlone title_alone;
    const auto peers = one_of_each();
    const auto at_start = title_alone.due(today + 10h, peers);
    REQUIRE(at_start.size() == 1);
    CHECK(at_start[0].event == "warning");
    CHECK(at_start[0].values ==
          std::vector<std::pair<std::string, audit::Value>>{{"reason", std::string("trust-ae-title-only")},
                                                            {"peer", std::string("tablets")},
                                                            {"requests", std::uint64_t{0}}});

    for (int i = 0; i < 3; ++i) title_alone.passed_on("tablets");
    CHECK(title_alone.due(today + 24h - 1ns, peers).empty());  // a timer may be early
    const auto next_day = title_alone.due(today + 24h, peers);
    REQUIRE(next_day.size() == 1);
    CHECK(requests_of(next_day[0]) == 3);

    CHECK(title_alone.due(today + 30h, peers).empty());
    const auto the_day_after = title_alone.due(today + 49h, peers);
    REQUIRE(the_day_after.size() == 1);
    CHECK(requests_of(the_day_after[0]) == 0);  // since the last time
}

TEST_CASE(
    "a gateway names who is known by a title alone as it starts and ends, with what it passed on for them") {
    const bool title_only = GENERATE(true, false);
    const auto change = [&](Settings& settings) {
        if (!title_only) return;
        settings.peers[0].addresses.clear();
        settings.peers[0].title_only = true;
    };
    Hospital hospital(change);
    auto asked = viewer_proposal();
    asked.contexts.push_back(context(5, uid::study_get));
    auto [viewer, pacs] = hospital.associate(asked);
    viewer.say(3, request(dimse::CommandField::c_find_rq, 1, uid::study_find), asks_for_study("1.2.8"));
    pacs.say(3, dimse::response_to(pacs.hear().command, 0));
    CHECK(viewer.hear().command.status() == 0);
    if (title_only) {  // is not opened, and so not passed on
        viewer.say(5, request(dimse::CommandField::c_get_rq, 2, uid::study_get), asks_for_study("1.2.8"));
        CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    }
    release(viewer, pacs);
    const auto named = hospital.audit({{"event", "warning"}, {"reason", "trust-ae-title-only"}});
    REQUIRE(named.size() == (title_only ? 2 : 0));
    for (const auto& record : named) CHECK(record["peer"] == "reading-room");
    for (std::size_t i = 0; i < named.size(); ++i) CHECK(named[i]["requests"] == i);
}
