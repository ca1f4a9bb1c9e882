#pragma once
// The checkpoints against which a log is held: its own, and those that an auditor kept.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/audit/verify.hpp"

namespace portcullis::audit {

class Evidence {
  public:
    Evidence(std::filesystem::path folder, const Known&);

    /// What is wrong with the checkpoints alone: a signature, an origin, their order.
    std::optional<std::string> fault() const;
    /// Holds the tree against the checkpoints of its size. To be called for each size from the first on.
    std::optional<Fault> compare(const MerkleTree&);
    /// A record of a checkpoint must be about one that the folder has.
    std::optional<Fault> compare_record(std::uint64_t record, std::string_view line);
    /// Once the log has ended after so many records.
    std::optional<Fault> end(std::uint64_t records) const;

    /// Records that the last checkpoint which compare() found to be true speaks of.
    std::uint64_t sound() const { return sound_; }
    std::uint64_t count() const { return own_; }
    /// Records that the last checkpoint of the folder speaks of.
    std::uint64_t checkpointed() const { return last_; }

  private:
    struct Item {
        std::string name;
        Checkpoint checkpoint;
        bool own;
    };
    void read_own();
    std::optional<std::string> fault_of(const Item&) const;
    std::string origin() const;
    bool has(const std::string& note) const;

    const std::filesystem::path folder_;
    const Known& known_;
    std::optional<std::string> unreadable_;
    std::optional<Checkpoint> latest_;
    std::vector<Item> items_;  // by size; of one size the auditor's first
    std::size_t next_ = 0;     // to compare
    std::uint64_t sound_ = 0;  // records up to which the tree was the one of a checkpoint
    std::uint64_t own_ = 0;
    std::uint64_t own_bytes_ = 0;  // of the folder's
    std::uint64_t last_ = 0;
};

}  // namespace portcullis::audit
