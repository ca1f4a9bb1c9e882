#pragma once
// How the journal lies on disk. A folder of segments, named by the order in which they were begun
// (00000000000000000001.journal, ...); the last one is written to. Integers are big-endian.
//
//   segment  "PTCLJRN1" | mark 8 | positions 16 | crc32 4 of all before        then batches:
//   batch    mark 8 | length 4 of the body | crc32 4 of positions, length and body | positions 16 | body
//   body     one or more of: kind 1 | length 4 | payload
//
// A batch is what one fdatasync made durable; it is whole or it is not there, and so are the appends in it.
// `positions` are those of the next registry entry and of the next audit entry. The mark is random, new for
// every segment: no payload can contain it, so a mark that is found behind a damaged place belongs to a real
// batch. As a batch is only written when the one before is durable, a damaged batch is a torn end if no sound
// batch follows it, and damage that must not be passed over if one does. Zeros may stand behind the last
// batch.

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/journal/file.hpp"
#include "gateway/journal/journal.hpp"

namespace portcullis::journal {

/// Of the next entry of each kind.
struct Positions {
    Position registry = 0;
    Position audit = 0;

    Position& of(Kind kind) { return kind == Kind::registry ? registry : audit; }
    bool operator==(const Positions&) const = default;
};

using Mark = std::array<char, 8>;

struct SegmentHeader {
    Mark mark;
    Positions base;
};

constexpr std::size_t segment_header_bytes = 36;
constexpr std::size_t batch_header_bytes = 32;
/// Longer than any batch that is written: one append of the greatest size beside others, and what preparing
/// adds to the payloads.
constexpr std::size_t max_batch_bytes = 4 * max_append_bytes;

/// Makes a segment with its header, durably, with a mark of its own; open for writing.
File create_segment(const std::filesystem::path& path, const Positions& base, Mark& mark);

/// Collects entries into the bytes of one batch.
class BatchWriter {
  public:
    BatchWriter(const Mark& mark, const Positions& first);
    void add(const Entry& entry);
    std::size_t entries() const { return entries_; }
    /// Fills in length and checksum.
    const std::string& finish();

  private:
    std::string bytes_;
    std::size_t entries_ = 0;
};

struct Batch {
    Positions first;
    std::vector<Entry> entries;
};

/// Reads a segment from its beginning, one batch in memory at a time.
class SegmentReader {
  public:
    /// Throws if the file is not a segment.
    explicit SegmentReader(const std::filesystem::path& path);
    const SegmentHeader& header() const { return header_; }
    /// Positions behind the batches that were read so far.
    const Positions& end() const { return end_; }
    /// The next batch, or nothing at the end; a torn batch is the end. Throws, naming file and offset, if the
    /// batch is damaged and a sound one follows.
    std::optional<Batch> next();

  private:
    std::optional<Batch> read_batch(std::uint64_t offset, std::uint64_t& length) const;
    bool sound_batch_from(std::uint64_t offset) const;

    std::filesystem::path path_;
    File file_;
    SegmentHeader header_{};
    Positions end_;
    std::uint64_t offset_ = segment_header_bytes;
};

}  // namespace portcullis::journal
