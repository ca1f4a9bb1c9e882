#include "gateway/media/source.hpp"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

#include "gateway/media/refused.hpp"

namespace portcullis::media {

void refuse_errno(const std::string& what) {
    throw Refused(what + ": " + std::generic_category().message(errno));
}

bool is_same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
           a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/// Without waiting for whoever is at the other end of a pipe.
Source::Source(const std::filesystem::path& path)
    : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
    if (!file_) refuse_errno("cannot be read");
    if (::fstat(file_.get(), &status_) != 0) refuse_errno("cannot be read");
    if (!S_ISREG(status_.st_mode)) throw Refused("is no file");
    if (size() > block_size) ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    block_ = std::make_unique_for_overwrite<std::uint8_t[]>(block_size);
}

ByteView Source::next() {
    if (position_ >= size()) return {};  // the block stays: it may be the first one, too
    const bool there = filled_ > 0 && block_begin_ == position_;
    if (!there) {
        block_begin_ = position_;
        filled_ = 0;
        while (filled_ < block_size && block_begin_ + filled_ < size()) {
            const auto taken = ::pread(file_.get(), block_.get() + filled_, block_size - filled_,
                                       static_cast<off_t>(block_begin_ + filled_));
            if (taken < 0 && errno == EINTR) continue;
            if (taken < 0) refuse_errno("cannot be read");
            if (taken == 0) throw Refused("became shorter while it was read; try again");
            filled_ += static_cast<std::size_t>(taken);
        }
    }
    position_ += filled_;
    return {block_.get(), filled_};
}

void Source::rewind() {
    position_ = 0;
}

void Source::require_unchanged() const {
    struct stat now {};
    if (::stat(path_.c_str(), &now) != 0) refuse_errno("went away while it was read");
    if (!is_same(now, status_)) throw Refused("changed while it was read; try again");
}

}  // namespace portcullis::media
