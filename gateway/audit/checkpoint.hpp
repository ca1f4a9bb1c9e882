#pragma once
// Checkpoints, c2sp.org/tlog-checkpoint: signed notes that tell how many records the log had, and the root of
// their tree. audit.checkpoint is the latest, which is what an auditor copies; audit.checkpoints has all,
// each followed by an empty line.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/audit/index.hpp"
#include "gateway/audit/note.hpp"

namespace portcullis::audit {

/// Which log: "portcullis/audit/GATEWAY", with % and two hex digits for what may not stand in the name of a
/// key.
std::string origin_of(const std::string& gateway_id);

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;  // records
    Hash root{};
    std::string note;  // all of it

    /// Nothing if this is not a note of three lines.
    static std::optional<Checkpoint> parse(std::string_view note);
};

std::filesystem::path checkpoint_path(const std::filesystem::path& folder);
std::filesystem::path checkpoints_path(const std::filesystem::path& folder);

/// The one in audit.checkpoint, or nothing if there is none. Throws std::runtime_error with one line if it is
/// not a checkpoint.
std::optional<Checkpoint> latest_checkpoint(const std::filesystem::path& folder);

/// Hands over those of audit.checkpoints behind this offset, where one ends, without a torn one at the end.
/// Returns where the last one ends. Throws as latest_checkpoint() does.
std::uint64_t read_checkpoints(const std::filesystem::path& folder, std::uint64_t from,
                               const std::function<void(const Checkpoint&)>& take);
/// Where the last one ends, found from there alone. Throws as latest_checkpoint() does.
std::uint64_t checkpoints_end(const std::filesystem::path& folder);

/// Signs one and keeps it in both files, durably. `bytes`: of audit.checkpoints so far, and afterwards.
/// Throws std::runtime_error with one line.
Checkpoint make_checkpoint(const std::filesystem::path& folder, std::uint64_t& bytes, const State&,
                           const Signer&);

}  // namespace portcullis::audit
