#include "gateway/audit/scribe.hpp"

#include <chrono>

#include "gateway/audit/text.hpp"
#include "gateway/base/rfc3339.hpp"

namespace portcullis::audit {

namespace {

constexpr std::size_t usual_length = 1024;  // bytes; most records are shorter

void append_json(std::string& line, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        append_json_text(line, *text);
    else if (const auto* number = std::get_if<std::uint64_t>(&value))
        line += std::to_string(*number);
    else
        line += std::get<bool>(value) ? "true" : "false";
}

}  // namespace

journal::Entry Scribe::entry(Record record) const {
    identifiers_.hide(record);
    std::string members;
    members.reserve(usual_length);
    append_json_text(members += "\"time\":", rfc3339(std::chrono::system_clock::now()));
    append_json_text(members += ",\"event\":", record.event);
    for (const auto& [name, value] : record.values) {
        append_json_text(members += ',', name);
        append_json(members += ':', value);
    }
    return {journal::Kind::audit, std::move(members)};
}

}  // namespace portcullis::audit
