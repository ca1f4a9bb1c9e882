#include "gateway/syslog/message.hpp"

namespace portcullis::syslog {

namespace {

constexpr unsigned security = 10;  // facility: security/authorization messages
constexpr std::string_view nil = "-";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // says that the text is UTF-8

// Characters of the header's fields at most.
constexpr std::size_t longest_hostname = 255;
constexpr std::size_t longest_app_name = 48;
constexpr std::size_t longest_msgid = 32;

std::string field(std::string_view text, std::size_t most) {
    if (text.empty()) return std::string(nil);
    std::string made(text.substr(0, most));
    for (char& c : made)
        if (c < '!' || c > '~') c = '_';
    return made;
}

}  // namespace

std::string encode(const Message& message) {
    std::string line = "<" + std::to_string(security * 8 + static_cast<unsigned>(message.severity)) + ">1 ";
    const std::string fields[] = {message.timestamp, field(message.hostname, longest_hostname),
                                  field(message.app_name, longest_app_name), std::string(nil),
                                  field(message.msgid, longest_msgid)};
    for (const auto& one : fields) line.append(one).push_back(' ');
    line.append(nil).append(" ").append(byte_order_mark).append(message.text);
    return line;
}

std::string octet_counted(std::string_view message) {
    return std::to_string(message.size()).append(" ").append(message);
}

}  // namespace portcullis::syslog
