#include "gateway/audit/scribe.hpp"

#include <chrono>

#include "gateway/audit/text.hpp"
#include "gateway/base/rfc3339.hpp"

namespace portcullis::audit {

namespace {

constexpr std::size_t usual_length = 1024;  // bytes; most records are shorter

std::string json(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return json_text(*text);
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
    return std::get<bool>(value) ? "true" : "false";
}

}  // namespace

journal::Entry Scribe::entry(Record record) const {
    identifiers_.hide(record);
    std::string members;
    members.reserve(usual_length);
    members.append("\"time\":").append(json_text(rfc3339(std::chrono::system_clock::now())));
    members.append(",\"event\":").append(json_text(record.event));
    for (const auto& [name, value] : record.values)
        members.append(",").append(json_text(name)).append(":").append(json(value));
    return {journal::Kind::audit, std::move(members)};
}

}  // namespace portcullis::audit
