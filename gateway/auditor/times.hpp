#pragma once
// Times as an auditor types them, as the log writes them: "2026-11-29T14:05:00.000Z". As all of these have
// one length and are in UTC, they sort as text.
//
// What can be typed: RFC 3339 with any offset ("2026-11-29T15:05:00+01:00"), or a day ("2026-11-29"), which
// is one of UTC, as days of the log are.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace portcullis::auditor {

/// The first millisecond of what was typed; nothing if it is no time.
std::optional<std::string> first_moment(std::string_view typed);
/// The last one: of a day 23:59:59.999, of a time without a fraction the end of that second.
std::optional<std::string> last_moment(std::string_view typed);
/// Whether it is a day.
bool is_day(std::string_view typed);

/// A moment as the log writes it, so much later.
std::string shifted(std::string_view moment, std::chrono::minutes by);

}  // namespace portcullis::auditor
