#include "gateway/audit/xml.hpp"

#include <cstdint>

namespace portcullis::audit {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// The bytes of the character that begins here (Unicode 3.9, table 3-7); 0: none does.
std::size_t length_of_character(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
    };
    const auto first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) return 0;
    const std::uint8_t lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (byte(1) < lowest || byte(1) > highest) return 0;
    for (std::size_t at = 2; at < length; ++at)
        if ((byte(at) & 0xc0) != 0x80) return 0;
    return length;
}

/// XML 1.0 section 2.2, of what is well-formed UTF-8.
bool is_xml(std::string_view character) {
    const auto first = static_cast<std::uint8_t>(character[0]);
    if (first < 0x20) return first == '\t' || first == '\n' || first == '\r';
    return character != "\xef\xbf\xbe" && character != "\xef\xbf\xbf";
}

std::string_view reference_of(char character) {
    switch (character) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\t':
            return "&#9;";
        case '\n':
            return "&#10;";
        case '\r':
            return "&#13;";
        default:
            return {};
    }
}

}  // namespace

std::string xml_escaped(std::string_view text) {
    std::string escaped;
    for (std::size_t at = 0; at < text.size();) {
        const auto length = length_of_character(text.substr(at));
        const auto character = text.substr(at, length == 0 ? 1 : length);
        if (at + character.size() > longest_xml_value) break;
        at += character.size();
        if (length == 0 || !is_xml(character)) {
            escaped += replacement;
            continue;
        }
        const auto reference = reference_of(character[0]);
        escaped += reference.empty() ? character : reference;
    }
    return escaped;
}

XmlWriter& XmlWriter::open(std::string_view element) {
    end_tag();
    out_.append("<").append(element);
    open_.emplace_back(element);
    in_tag_ = true;
    return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::string_view value) {
    out_.append(" ").append(name).append("=\"").append(xml_escaped(value)).append("\"");
    return *this;
}

XmlWriter& XmlWriter::text(std::string_view value) {
    if (value.empty()) return *this;
    end_tag();
    out_.append(xml_escaped(value));
    return *this;
}

XmlWriter& XmlWriter::close() {
    if (in_tag_)
        out_.append("/>");
    else
        out_.append("</").append(open_.back()).append(">");
    in_tag_ = false;
    open_.pop_back();
    return *this;
}

void XmlWriter::end_tag() {
    if (in_tag_) out_.append(">");
    in_tag_ = false;
}

}  // namespace portcullis::audit
