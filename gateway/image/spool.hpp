#pragma once
// Holds an object until it may be released: the first part in memory, the rest in an unlinked file under a
// key that exists only in this process. A crash leaves nothing to read.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "codec/aead.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"

namespace portcullis::image {

/// Written once from the front, then read from the front. At most 2^63 bytes.
class Spool final : public ByteSink {
  public:
    static constexpr std::size_t memory = 2560 * 1024;  // bytes held before the file is used, at most
    static constexpr std::uint64_t reserve = 256 * 1024 * 1024;  // bytes of the disk that are left free
    static constexpr std::size_t chunk = 256 * 1024;             // bytes of one encrypted piece of the file

    /// `folder` is where the unlinked file is made, if one is needed.
    explicit Spool(std::filesystem::path folder, std::size_t in_memory = memory);
    ~Spool() override;
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// Errors (a full disk) are kept for status().
    void write(ByteView bytes) override;
    ErrorCode status() const { return error_; }
    std::uint64_t size() const { return size_; }

    /// The next bytes, valid until the next call; empty at the end. Nothing is written after the first call.
    Result<ByteView> next();
    /// What follows is read from the front again.
    void rewind();
    /// All of the next bytes, in pieces.
    template <class Take>
    Result<void> drain(const Take& take) {
        for (;;) {
            const auto bytes = next();
            if (!bytes) return bytes.error();
            if (bytes->empty()) return {};
            take(*bytes);
        }
    }

  private:
    struct File;
    void spill();

    std::filesystem::path folder_;
    const std::size_t in_memory_;
    Bytes memory_;
    Bytes chunk_;  // what is gathered for the next piece, or the piece that was read last
    std::unique_ptr<File> file_;
    std::uint64_t size_ = 0;
    std::uint64_t read_ = 0;
    bool reading_ = false;  // nothing is written any more
    ErrorCode error_;
};

}  // namespace portcullis::image
