#pragma once
// Times as RFC 3339 writes them, in UTC, to the millisecond: "2026-11-29T14:50:12.345Z". As texts they have
// the order of the times.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace portcullis {

std::string rfc3339(std::chrono::system_clock::time_point);
/// Nothing if it is not written so.
std::optional<std::chrono::system_clock::time_point> parse_rfc3339(std::string_view);

}  // namespace portcullis
