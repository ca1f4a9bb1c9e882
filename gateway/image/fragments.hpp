#pragma once
// Which fragments of encapsulated pixel data make one frame (PS3.5 A.4): all of them, if there is one frame;
// else what a table of offsets says; else each fragment is a frame.

#include <cstdint>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"

namespace portcullis::image {

class FragmentSorter {
  public:
    /// A table: offsets of 32 bits (Basic Offset Table, PS3.5 A.4) or 64 (Extended, PS3.3 C.7.6.3), or
    /// nothing. Errors: malformed if it does not name `frames` ascending offsets, the first of them 0.
    Result<void> begin(std::uint32_t frames, ByteView basic_table, ByteView extended_table);

    /// A fragment begins: whether it is the first of a frame. Errors: malformed if it is one too many, or not
    /// where the table says that a frame begins.
    Result<bool> begin_fragment(std::uint32_t length);
    /// Errors: malformed if frames are missing.
    Result<void> end() const;

  private:
    bool has_table() const { return !starts_.empty(); }

    std::uint32_t frames_ = 0;
    std::uint32_t begun_ = 0;
    std::vector<std::uint64_t> starts_;  // of the frames, counted as the tables do
    std::uint64_t position_ = 0;         // of the next fragment
};

}  // namespace portcullis::image
