#pragma once
// The allocator of the test program: it counts, and keeps, when asked, what was in the blocks that were given
// back. It serves operator new and OpenSSL.

#include <cstddef>
#include <cstdint>
#include <span>

namespace portcullis::test {

/// By operator new since the start of the program, whatever was given back.
std::size_t bytes_allocated();

/// While it lives, copies of all blocks as they are when they are freed. One at a time.
class FreedMemory {
  public:
    FreedMemory();
    ~FreedMemory();
    FreedMemory(const FreedMemory&) = delete;
    FreedMemory& operator=(const FreedMemory&) = delete;

    /// Whether some freed block held these bytes.
    bool holds(std::span<const std::uint8_t> bytes) const;
    std::size_t blocks() const;
    /// More was freed than there is room for: nothing may be concluded.
    bool overflowed() const;
};

}  // namespace portcullis::test
