#pragma once
// Memory between two pages that nobody may touch. A helper of the plugins' self-test.

#include <cstdint>
#include <span>

namespace portcullis::codec {

enum class Flush { beginning, end };

class GuardedMemory {
  public:
    /// `length` bytes, flush against the page before or against the page behind. Throws std::bad_alloc.
    GuardedMemory(std::size_t length, Flush);
    GuardedMemory(const GuardedMemory&) = delete;
    GuardedMemory& operator=(const GuardedMemory&) = delete;
    ~GuardedMemory();

    std::span<std::uint8_t> bytes() const { return bytes_; }
    /// Whether what lies between the bytes and the farther guard page is as it was.
    bool rest_is_untouched() const;
    void forbid_writing();
    void forbid_all();

  private:
    void protect(int how);

    std::span<std::uint8_t> all_;     // with the guard pages
    std::span<std::uint8_t> usable_;  // without
    std::span<std::uint8_t> bytes_;
};

}  // namespace portcullis::codec
