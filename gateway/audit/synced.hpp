#pragma once
// audit.synced: up to where the log is durable, so that a start has to look at what came later only. If it is
// lost, a start reads the whole log.
//
//   END RECORDS HASH FIRST        END: of the file that begins with record FIRST; HASH: of the last record
//   HASH ...                      the complete subtrees of the tree of all RECORDS, largest first
//
// Before there was rotation it was the first three words alone.

#include <filesystem>
#include <optional>

#include "gateway/audit/index.hpp"

namespace portcullis::audit {

struct Synced {
    std::uint64_t first = 1;
    std::uint64_t end = 0;
    Head head;
    std::optional<MerkleTree> tree;  // nothing: of before there was rotation
};

/// Nothing if there is none. Throws std::runtime_error with one line if it cannot be read.
std::optional<Synced> read_synced(const std::filesystem::path& folder);
void write_synced(const std::filesystem::path& folder, std::uint64_t first, std::uint64_t end, const State&);

}  // namespace portcullis::audit
