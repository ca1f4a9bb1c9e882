#pragma once
// One line of the log, and what it takes to follow another.

#include <chrono>
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

/// What a line says of itself. `hash` is computed; `own` tells whether it is the one that the line carries.
struct LineHashes {
    std::uint64_t seq;
    Hash prev;
    Hash hash;
    bool own;
};
/// Nothing if the line (without line feed) is no record.
std::optional<LineHashes> hashes_of(std::string_view line);

/// Nothing if the line is the one that follows the head, which is then moved to it; else what is wrong.
std::optional<std::string> follow(const std::optional<LineHashes>& line, Head& head);
inline std::optional<std::string> follow(std::string_view line, Head& head) {
    return follow(hashes_of(line), head);
}

/// The number that a line begins with; 0: it is no record.
std::uint64_t seq_of(std::string_view line);
/// When the record was made; nothing if the line does not say so where records do.
std::optional<std::chrono::system_clock::time_point> time_of(std::string_view line);
/// The same as it stands there; empty: it does not.
std::string_view time_text(std::string_view line);
/// Whether it is a record of this event.
bool is_event(std::string_view line, std::string_view event);

}  // namespace portcullis::audit
