#pragma once
// The Merkle tree of RFC 6962 2.1, over SHA-256, as far as it is needed to compute its head.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::audit {

using Hash = std::array<std::uint8_t, 32>;

/// SHA-256(0x00 || data).
Hash leaf_hash(std::string_view data);
/// 64 lower-case hex digits.
std::string hex(const Hash&);
/// False if the text is not that of a hash.
bool unhex(std::string_view text, Hash&);

/// Takes the leaves one after the other; memory grows with the logarithm of their number.
class MerkleTree {
  public:
    void add(const Hash& leaf);
    /// The Merkle tree hash of the leaves so far; SHA-256 of nothing if there are none.
    Hash root() const;

  private:
    struct Subtree {
        unsigned height;  // of 2^height leaves
        Hash hash;
    };
    std::vector<Subtree> complete_;  // ever smaller, left to right
};

}  // namespace portcullis::audit
