#pragma once
// Syslog messages as bytes: RFC 5424, and how one follows the other on a stream. For audit messages by IHE
// ITI TF-2 3.20 (ITI-20) and DICOM PS3.15 A.6.

#include <cstddef>
#include <string>
#include <string_view>

namespace portcullis::syslog {

/// RFC 5424 table 2, as far as audit messages have them.
enum class Severity : unsigned { alert = 1, warning = 4, notice = 5 };

struct Message {
    Severity severity = Severity::notice;
    std::string timestamp;  // RFC 3339, at most microseconds
    std::string hostname;
    std::string app_name;
    std::string msgid;
    std::string text;  // UTF-8
};

/// <PRI>1 TIMESTAMP HOSTNAME APP-NAME - MSGID - BOM TEXT, with the facility 10 (security and authorization).
/// Nothing in it comes from elsewhere: neither the process id nor the time of sending, so that a message that
/// is sent again is the same bytes. What may not stand in a field of the header (6: visible ASCII, so many
/// characters) is replaced by '_', or cut; an empty field is '-'.
std::string encode(const Message&);

/// The message behind its length in octets (RFC 5425 4.3, RFC 6587 3.4.1).
std::string octet_counted(std::string_view message);

/// What one datagram takes over IPv4 (RFC 5426 3.2).
inline constexpr std::size_t most_in_a_datagram = 65'507;

}  // namespace portcullis::syslog
