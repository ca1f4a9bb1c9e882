#pragma once
// The Merkle tree of RFC 6962 2.1, over SHA-256.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::audit {

using Hash = std::array<std::uint8_t, 32>;

/// Of data as it is.
Hash sha256(std::string_view data);
/// SHA-256(0x00 || data || rest).
Hash leaf_hash(std::string_view data, std::string_view rest = {});
/// SHA-256(0x01 || left || right).
Hash node_hash(const Hash& left, const Hash& right);
/// 64 lower-case hex digits.
std::string hex(const Hash&);
/// False if the text is not that of a hash, in lower case.
bool unhex(std::string_view text, Hash&);

/// Blocks of so many leaves are what the index knows the hashes of.
constexpr unsigned block_height = 8;
constexpr std::uint64_t block_leaves = std::uint64_t{1} << block_height;

/// Takes the leaves one after the other; memory grows with the logarithm of their number.
class MerkleTree {
  public:
    MerkleTree() = default;
    /// Goes on where frontier() was taken. Nothing if there are not as many hashes as a tree of `size` leaves
    /// has complete subtrees.
    static std::optional<MerkleTree> resume(std::uint64_t size, const std::vector<Hash>& frontier);

    void add(const Hash& leaf);
    std::uint64_t size() const { return size_; }
    /// The Merkle tree hash of the leaves so far; SHA-256 of nothing if there are none.
    Hash root() const;
    /// The hashes of the complete subtrees, ever smaller, left to right: one for each bit of size().
    std::vector<Hash> frontier() const;
    /// The hash of the last block, once size() is a multiple of block_leaves.
    const Hash& last_block() const { return last_block_; }

  private:
    struct Subtree {
        unsigned height;  // of 2^height leaves
        Hash hash;
    };
    std::vector<Subtree> complete_;  // ever smaller, left to right
    std::uint64_t size_ = 0;
    Hash last_block_{};
};

}  // namespace portcullis::audit
