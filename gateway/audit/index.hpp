#pragma once
// The index of one file of the log, beside it: audit.index, audit-FIRST.index. It is derived data, made anew
// if it is missing or does not fit; nothing is believed because it stands there. It lets readers begin in the
// middle, and proofs be made without reading all.
//
//   header  "PTCLIDX1" | first record 8 | hash of the record before it 32 | the hashes of the complete
//   subtrees
//           (RFC 6962) of all records before it, largest first: 32 for each bit of their number
//   entry   for each block of 256 records that ends in this file, in order: offset 8 of the byte behind it in
//           the file of the log | hash 32 of the block's subtree
//
// Integers are big-endian. Blocks begin at records 1, 257, 513, ...; the first of a file may begin in the
// file before.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/audit/line.hpp"
#include "gateway/audit/merkle.hpp"
#include "gateway/journal/file.hpp"

namespace portcullis::audit {

/// A point of the log: the chain and the tree of all records up to there.
struct State {
    Head head;
    MerkleTree tree;
    void add(const Hash& leaf, std::uint64_t seq) {
        tree.add(leaf);
        head = {seq, leaf};
    }
};

class Index {
  public:
    /// Nothing if there is none, or if it does not belong to a file that begins with this record.
    static std::optional<Index> open(const std::filesystem::path& path, std::uint64_t first);

    struct Block {
        std::uint64_t end;  // offset in the file of the log
        Hash hash;
    };
    /// What stands before the first record of the file.
    const State& before() const { return before_; }
    std::uint64_t first() const { return before_.head.records + 1; }
    /// The number of the block (from 0) that the first entry is about.
    std::uint64_t first_block() const { return before_.head.records / block_leaves; }
    std::uint64_t blocks() const { return blocks_; }
    /// The entry at this place, from 0 to blocks() - 1.
    Block block(std::uint64_t place) const;
    /// Whether it has all blocks of a file whose last record is this.
    bool reaches(std::uint64_t last) const;
    /// A whole line of the file begins there, and no later than record `seq`; 0 at worst.
    std::uint64_t offset_before(std::uint64_t seq) const;

  private:
    Index(journal::File file, State before, std::uint64_t header, std::uint64_t blocks)
        : file_(std::move(file)), before_(std::move(before)), header_bytes_(header), blocks_(blocks) {}
    journal::File file_;
    State before_;
    std::uint64_t header_bytes_;
    std::uint64_t blocks_;
};

/// Writes the index of the file that is appended to.
class IndexWriter {
  public:
    /// Begins a new one.
    IndexWriter(const std::filesystem::path& path, const State& before);
    /// Goes on behind the blocks that end at or before record `records`. Nothing if there are not as many, or
    /// the file does not begin with record `first`.
    static std::optional<IndexWriter> resume(const std::filesystem::path& path, std::uint64_t first,
                                             std::uint64_t records);

    /// To be called after each record with where its line ends.
    void add(const MerkleTree& tree, std::uint64_t end);
    /// Writes what was added.
    void flush();
    /// Makes it durable.
    void sync();

  private:
    IndexWriter(std::filesystem::path path, journal::File file, std::uint64_t end)
        : path_(std::move(path)), file_(std::move(file)), end_(end) {}
    std::filesystem::path path_;
    journal::File file_;
    std::uint64_t end_;
    std::string added_;
};

}  // namespace portcullis::audit
