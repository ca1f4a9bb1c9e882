#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "fixture.hpp"
#include "gateway/audit/merkle.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Json = nlohmann::ordered_json;

namespace {
std::string line_of(const Record& record) {
    const TemporaryFolder folder;
    AuditLog log(folder);
    return prepare(log, {record}).at(0).second;
}
}  // namespace

TEST_CASE("A line has its members in order, and the hashes of RFC 6962 leaves") {
    const TemporaryFolder folder;
    AuditLog log(folder);
    const auto prepared = prepare(log, {{"store", {{"peer", "ct-1"}, {"status", std::uint64_t{0xB000}}}},
                                        {"refusal", {{"sealed", true}}}});
    std::string previous(64, '0');
    for (std::size_t i = 0; i < prepared.size(); ++i) {
        const auto& line = prepared[i].second;
        const auto json = Json::parse(line);
        REQUIRE(json["seq"] == i + 1);
        REQUIRE(json["prev"] == previous);
        const auto last = line.rfind(",\"hash\"");
        REQUIRE(json["hash"] == hex(leaf_hash(line.substr(0, last) + "}")));
        previous = json["hash"];
    }
    std::vector<std::string> names;
    const auto first = Json::parse(prepared[0].second);
    for (const auto& [name, value] : first.items()) names.push_back(name);
    REQUIRE(names == std::vector<std::string>{"seq", "time", "event", "peer", "status", "prev", "hash"});
    REQUIRE(first["event"] == "store");
    REQUIRE(first["peer"] == "ct-1");
    REQUIRE(first["status"] == 0xB000);
    REQUIRE(Json::parse(prepared[1].second)["sealed"] == true);
}

TEST_CASE("The time is RFC 3339 in UTC with milliseconds, and it is now") {
    using namespace std::chrono;
    const auto before = floor<milliseconds>(system_clock::now());
    const std::string time = Json::parse(line_of({"start", {}}))["time"];
    const auto after = system_clock::now();
    REQUIRE(time.size() == 24);
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0;
    REQUIRE(std::sscanf(time.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &year, &month, &day, &hour, &minute,
                        &second, &ms) == 7);
    const auto then = sys_days(std::chrono::year(year) / month / day) + hours(hour) + minutes(minute) +
                      seconds(second) + milliseconds(ms);
    REQUIRE(then >= before);
    REQUIRE(then <= after);
}

TEST_CASE("Values cannot break out of their line, and every byte of them is kept") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
    std::string as_utf8;
    for (int i = 0; i < 256; ++i) {
        if (i >= 0x80) as_utf8.push_back(static_cast<char>(0xc0 | i >> 6));
        as_utf8.push_back(static_cast<char>(i < 0x80 ? i : 0x80 | (i & 0x3f)));
    }
    const auto line = line_of({"alert", {{"patient_id", bytes}, {"reason", "\",\"hash\":\"\n"}}});
    REQUIRE(std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
    REQUIRE(Json::parse(line)["patient_id"] == as_utf8);
    REQUIRE(Json::parse(line)["reason"] == "\",\"hash\":\"\n");
    REQUIRE(line.find("\\u00e9") != std::string::npos);
}

TEST_CASE("UTF-8 is kept as it is meant") {
    const std::string name = "M\xc3\xbcller^\xe5\xb1\xb1\xe7\x94\xb0";
    REQUIRE(Json::parse(line_of({"store", {{"reason", name}}}))["reason"] == name);
}
