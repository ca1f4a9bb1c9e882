#pragma once
// What an auditor does: read the whole log, believe nothing but a key and checkpoints that were kept
// elsewhere, and name what does not fit.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/audit/checkpoint.hpp"

namespace portcullis::audit {

/// What is wrong, at which record (from 1); 0: not with a record.
struct Fault {
    std::uint64_t record;
    std::string what;
};

/// A checkpoint that the auditor kept.
struct Witness {
    std::string from;  // file
    Checkpoint checkpoint;
};

struct Known {
    std::vector<NoteKey> keys{};  // without any, no signature is looked at
    std::vector<Witness> witnesses{};
    std::uint64_t first = 1;  // the records before it were moved away as old, and are not asked for
    std::function<void(std::uint64_t records)> progress{};
};

struct Verified {
    std::uint64_t first = 1;    // record that is here
    std::uint64_t records = 0;  // the number of the last one up to which the log is sound
    std::string root_hash;      // RFC 6962 Merkle tree hash of records 1 to `records`, hex
    std::optional<Fault> fault;
    std::uint64_t checkpoints = 0;    // of the folder
    std::uint64_t checkpointed = 0;   // records that the last checkpoint speaks of
    std::string unconfirmed_since{};  // RFC 3339; when the first record after that was made; empty: none was
};

/// Reads the whole log, also while a gateway appends to it and rotates it. Without keys and witnesses a log
/// whose last records were cut off is not told from a shorter one, nor one that was rewritten with all its
/// hashes from its original. Throws std::runtime_error if it cannot be read.
Verified verify(const std::filesystem::path& folder, const Known& = {});

}  // namespace portcullis::audit
