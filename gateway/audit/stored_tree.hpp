#pragma once
// The hash tree of the records on disk, without reading all of them: from the hashes of blocks in the index,
// and from the lines where a block is not whole.

#include <filesystem>
#include <vector>

#include "gateway/audit/index.hpp"

namespace portcullis::audit {

/// Whether the hashes of blocks are taken from the index, or computed from all lines.
enum class Blocks { indexed, computed };

class StoredTree {
  public:
    /// Throws std::runtime_error with one line if the log cannot be read, or begins with a later record and
    /// the index of its first file is missing.
    StoredTree(const std::filesystem::path& folder, Blocks);

    /// MTH of RFC 6962 2.1 of the leaves `begin` (from 0) to `end` - 1. Throws std::runtime_error if they are
    /// not here.
    Hash root(std::uint64_t begin, std::uint64_t end) const;
    /// PATH of RFC 6962 2.1.1, of a leaf in the tree of the first `size`.
    std::vector<Hash> path(std::uint64_t leaf, std::uint64_t size) const;

  private:
    bool take_indexed();
    void compute();
    Hash of_lines(std::uint64_t begin, std::uint64_t end) const;
    Hash of_archived(std::uint64_t begin, std::uint64_t end) const;

    const std::filesystem::path folder_;
    MerkleTree before_;  // of the records that are not here any more
    std::uint64_t first_block_ = 0;
    std::vector<Hash> blocks_;
};

/// The root that a leaf and its path lead to (RFC 9162 2.1.3.2); nothing if the path has not the length that
/// it must have.
std::optional<Hash> root_of_path(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                 const std::vector<Hash>& path);

}  // namespace portcullis::audit
