#pragma once
// The start: what the segments hold and the sinks lack is replayed.

#include <filesystem>
#include <optional>
#include <vector>

#include "gateway/journal/journal.hpp"
#include "gateway/journal/segment.hpp"

namespace portcullis::journal {

struct Sinks {
    Sink& registry;
    Sink& audit;

    Sink& of(Kind kind) const { return kind == Kind::registry ? registry : audit; }
};

/// Number of a segment, from 1, and its file.
std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t number);

struct Recovered {
    Positions next;                  // where the journal goes on
    std::uint64_t last_segment = 0;  // 0: there was none
    std::vector<std::filesystem::path>
        segments;  // all that were found; no longer needed once a new one stands
};

/// Before which change and record the journal holds nothing any more; nothing if there is no journal.
std::optional<Positions> oldest(const std::filesystem::path& folder);

/// Replays and syncs. Throws std::runtime_error with one line.
Recovered recover(const std::filesystem::path& folder, Sinks sinks);

}  // namespace portcullis::journal
