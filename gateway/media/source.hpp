#pragma once
// A file that is read from beginning to end, more than once if need be, in big blocks.

#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "gateway/base/bytes.hpp"
#include "gateway/media/descriptor.hpp"

namespace portcullis::media {

/// Whether these are of one file, and nobody wrote to it in between.
bool is_same(const struct stat&, const struct stat&);

class Source {
  public:
    static constexpr std::size_t block_size = std::size_t{1} << 20;

    /// Throws Refused, as all of these do, if it is no file that can be read. A link to a file is followed.
    explicit Source(const std::filesystem::path&);

    /// The next bytes, a full block but at the end; empty there. Valid until the next call.
    ByteView next();
    /// From the beginning again. A file of one block is not read again.
    void rewind();
    const struct stat& status() const { return status_; }
    std::uint64_t size() const { return static_cast<std::uint64_t>(status_.st_size); }
    /// That at its path there still stands what was opened.
    void require_unchanged() const;

  private:
    const std::filesystem::path path_;
    Descriptor file_;
    struct stat status_ {};
    std::unique_ptr<std::uint8_t[]> block_;
    std::uint64_t position_ = 0;     // of the next block
    std::uint64_t block_begin_ = 0;  // of the block that is there
    std::size_t filled_ = 0;
};

}  // namespace portcullis::media
