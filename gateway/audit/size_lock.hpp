#pragma once
// How large the file is that is written to.

#include <sys/file.h>

#include <cerrno>
#include <cstdint>

#include "gateway/journal/file.hpp"

namespace portcullis::audit {

/// Held while the log grows, and while its size is asked for: a reader then sees whole lines only.
class SizeLock {
  public:
    SizeLock(const journal::File& file, int mode) : descriptor_(file.descriptor()) {
        while (::flock(descriptor_, mode) != 0) {
            if (errno != EINTR) throw boost::system::system_error(journal::last_error(), "flock");
        }
    }
    SizeLock(const SizeLock&) = delete;
    SizeLock& operator=(const SizeLock&) = delete;
    ~SizeLock() { ::flock(descriptor_, LOCK_UN); }

  private:
    int descriptor_;
};

/// Bytes of whole lines, also while a gateway appends.
inline std::uint64_t whole_size(const journal::File& log) {
    const SizeLock lock(log, LOCK_SH);
    return log.size();
}

}  // namespace portcullis::audit
