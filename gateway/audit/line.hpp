#pragma once
// One line of the log, and what it takes to follow another.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/audit/merkle.hpp"

namespace portcullis::audit {

/// Where a chain stands.
struct Head {
    std::uint64_t records = 0;
    Hash hash{};  // of the last record; zeros before the first
};

/// The line of the next record, without line feed, from its inner members ("time":...,"event":... without
/// braces); moves the head to it.
std::string seal_line(std::string_view members, Head& head);

/// Nothing if the line (without line feed) is the one that follows the head, which is then moved to it; else
/// what is wrong.
std::optional<std::string> follow(std::string_view line, Head& head);

}  // namespace portcullis::audit
