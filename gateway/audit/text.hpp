#pragma once
#include <string>
#include <string_view>

namespace portcullis::audit {

/// As it is if it is UTF-8, else byte for byte what ISO 8859-1 says: what a log holds of a text.
std::string utf8(std::string_view text);
/// As it stands in a line: utf8() in quotes, in ASCII (RFC 8259).
std::string json_text(std::string_view text);
void append_json_text(std::string& line, std::string_view text);

}  // namespace portcullis::audit
