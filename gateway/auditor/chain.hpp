#pragma once
// Whether the records of a part of a log follow each other unbroken, and are those of its checkpoints.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/audit/evidence.hpp"
#include "gateway/audit/line.hpp"

namespace portcullis::auditor {

class Chain {
  public:
    /// Of lines alone.
    Chain() = default;
    /// The checkpoints in the folder of the log count, too; their signatures do not. Where the part begins
    /// with a file, what came before it is taken from the file's index.
    explicit Chain(const std::filesystem::path& log);

    /// The next line of the part. What the first says of the one before it is believed, all else is checked.
    void follow(std::string_view line);

    std::uint64_t records() const { return records_; }
    /// The last record that a checkpoint speaks of which was found to be true; 0: there is none.
    std::uint64_t confirmed() const { return evidence_ ? evidence_->sound() : 0; }
    /// What is wrong, and at which record of the log; empty: nothing is.
    const std::string& fault() const { return fault_; }

  private:
    void begin(const audit::LineHashes&);
    void compare();

    std::filesystem::path log_;
    std::optional<audit::Evidence> evidence_;
    std::optional<audit::Head> head_;        // nothing: the next line is the first
    std::optional<audit::MerkleTree> tree_;  // nothing: what came before is not known
    std::uint64_t records_ = 0;
    std::string fault_;
};

}  // namespace portcullis::auditor
