#pragma once
// A proof of inclusion: one record, the path from it to the root of the tree, and the checkpoint that signs
// this root. It is checked without the log.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/audit/checkpoint.hpp"

namespace portcullis::audit {

struct Proof {
    std::uint64_t record = 0;  // from 1
    std::string line;          // without line feed
    std::vector<Hash> path;    // RFC 6962 2.1.1, of leaf record - 1
    Checkpoint checkpoint;
};

/// By the latest checkpoint. Throws std::runtime_error with one line if there is none that speaks of the
/// record, if it or what the path needs is not here, or if it or the log is not the one of the checkpoint.
Proof prove(const std::filesystem::path& folder, std::uint64_t record);

/// Nothing if it holds; else what is wrong.
std::optional<std::string> fault_of(const Proof&, const std::vector<NoteKey>&);

/// {"record":, "index":, "size":, "line":, "path": [base64, ...], "checkpoint":}
std::string to_json(const Proof&);
/// Nothing if it is not what to_json() makes.
std::optional<Proof> parse_proof(std::string_view json);

}  // namespace portcullis::audit
