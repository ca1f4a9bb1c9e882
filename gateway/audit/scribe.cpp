#include "gateway/audit/scribe.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

#include "gateway/audit/text.hpp"

namespace portcullis::audit {

namespace {

std::string rfc3339(std::chrono::system_clock::time_point time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char day[32];
    char fraction[8];
    std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(ms % 1000));
    return std::string(day) + fraction;
}

std::string json(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return json_text(*text);
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
    return std::get<bool>(value) ? "true" : "false";
}

}  // namespace

journal::Entry Scribe::entry(Record record) const {
    identifiers_.hide(record);
    std::string members = "\"time\":" + json_text(rfc3339(std::chrono::system_clock::now())) +
                          ",\"event\":" + json_text(record.event);
    for (const auto& [name, value] : record.values) members += "," + json_text(name) + ":" + json(value);
    return {journal::Kind::audit, std::move(members)};
}

}  // namespace portcullis::audit
