#include <chrono>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "gateway/audit/audit.hpp"

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

using Json = nlohmann::ordered_json;

// As JSON, in ASCII; Json::type_error if the text is not UTF-8.
std::string quoted_utf8(const std::string& text) {
    return Json(text).dump(-1, ' ', true);
}

std::string quoted(const std::string& text) {
    try {
        return quoted_utf8(text);
    } catch (const Json::type_error&) {
        std::string utf8;
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x80) utf8.push_back(static_cast<char>(0xc0 | byte >> 6));
            utf8.push_back(static_cast<char>(byte < 0x80 ? byte : 0x80 | (byte & 0x3f)));
        }
        return quoted_utf8(utf8);
    }
}

std::string json(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
    return std::get<bool>(value) ? "true" : "false";
}

}  // namespace

journal::Entry entry(const Record& record) {
    std::string members = "\"time\":" + quoted(rfc3339(std::chrono::system_clock::now())) +
                          ",\"event\":" + quoted(record.event);
    for (const auto& [name, value] : record.values) members += "," + quoted(name) + ":" + json(value);
    return {journal::Kind::audit, std::move(members)};
}

}  // namespace portcullis::audit
