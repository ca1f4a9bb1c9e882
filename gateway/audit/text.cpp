#include "gateway/audit/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace portcullis::audit {

namespace {

// Json::type_error if the text is not UTF-8.
std::string quoted_utf8(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', true);
}

bool is_utf8(std::string_view text) {
    try {
        quoted_utf8(text);
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

bool is_ascii(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    return true;
}

/// Stands in JSON as it is.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

}  // namespace

std::string utf8(std::string_view text) {
    if (is_ascii(text) || is_utf8(text)) return std::string(text);
    std::string converted;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) converted.push_back(static_cast<char>(0xc0 | byte >> 6));
        converted.push_back(static_cast<char>(byte < 0x80 ? byte : 0x80 | (byte & 0x3f)));
    }
    return converted;
}

std::string json_text(std::string_view text) {
    std::string quoted;
    append_json_text(quoted, text);
    return quoted;
}

/// Most is plain, and there is much of it.
void append_json_text(std::string& line, std::string_view text) {
    if (is_plain(text))
        (line += '"').append(text) += '"';
    else
        line += quoted_utf8(utf8(text));
}

}  // namespace portcullis::audit
