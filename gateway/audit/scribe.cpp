#include "gateway/audit/scribe.hpp"

#include <chrono>

#include "gateway/audit/text.hpp"
#include "gateway/base/rfc3339.hpp"

namespace portcullis::audit {

namespace {

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
