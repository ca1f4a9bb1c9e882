// Rules that break the glass: looked at only when nothing else opens a retrieval.

#include <catch2/catch.hpp>

#include "gateway/policy/explain.hpp"
#include "tests/policy/hospital.hpp"

using namespace portcullis;
using namespace portcullis::policy;

namespace {

Rule viewing(Decision decide) {
    Rule rule;
    rule.name = "viewing";
    rule.operations = {Operation::retrieve};
    rule.from = rule.to = {"clinic"};
    rule.decide = decide;
    return rule;
}

Rule emergency() {
    auto rule = viewing(Decision::open);
    rule.name = "emergency";
    rule.from = rule.to = {"reading-room", "clinic"};
    rule.break_glass = true;
    return rule;
}

Policy with(const Rule& rule) {
    return Policy(hospital_peers(), hospital_groups(), {emergency(), rule}, Decision::refuse);
}

Request asked(const char* calling, const char* from, const char* to) {
    return {Operation::retrieve, title(calling), address(from), title("PACS"), "main", {}, to};
}

std::string explained(const Policy& policy, const Request& request) {
    const auto judged = explain(policy, request).judged;
    REQUIRE(judged.decided());
    return judged.verdict().rule + ": " + std::string(name(judged.verdict().decision));
}

}  // namespace

TEST_CASE("The glass is broken only by who is told so, and only where the other rules do not open") {
    const auto policy = with(viewing(Decision::open));
    const auto by_clinic = asked("CLINIC", "fd00:1::7", "clinic");
    const auto by_reading_room = asked("WS1", "10.0.1.7", "reading-room");
    CHECK(explained(policy, by_clinic) == "viewing: open");
    CHECK(explained(policy, by_reading_room) == "emergency: open");
    CHECK(explained(policy, asked("WS1", "10.0.1.7", "mirror")) == "default: refuse");
    CHECK(explained(policy, asked("WS1", "10.0.9.9", "reading-room")) == "default: refuse");
    CHECK(explained(with(viewing(Decision::sealed)), by_clinic) == "emergency: open");

    CHECK(policy.decide(by_reading_room).rule == "default");  // until it is broken
    auto broken = by_reading_room;
    broken.break_glass = true;
    CHECK(policy.decide(broken).rule == "emergency");
}

TEST_CASE("An explanation shows the rules that break the glass behind those that did not open") {
    const auto policy = with(viewing(Decision::open));
    const auto explanation = explain(policy, asked("WS1", "10.0.1.7", "reading-room"));
    REQUIRE(explanation.rules.size() == 2);
    CHECK(explanation.rules[0].name == "viewing");
    CHECK(explanation.rules[0].holds == Holds::no);
    CHECK(explanation.rules[1].name == "emergency");
    CHECK(explanation.rules[1].holds == Holds::yes);
    CHECK(explanation.not_looked_at == 0);
}
