#pragma once
// Files as the journal and its sinks need them: private to the user, synced when it is said so, replaced in
// one step. Unless stated otherwise, errors are std::runtime_error with one line: where, what, why.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/error.hpp"

namespace portcullis::journal {

/// An open file descriptor.
class File {
  public:
    File() = default;
    /// `flags` as for open(2); a file that is created gets mode 0600.
    File(const std::filesystem::path& path, int flags);
    File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~File();

    int descriptor() const { return descriptor_; }
    std::uint64_t size() const;
    /// All of it, at the file's own offset (or its end, if opened so).
    ErrorCode write(std::string_view bytes) const;
    ErrorCode write_at(std::uint64_t offset, std::string_view bytes) const;
    /// fdatasync(2).
    ErrorCode sync() const;
    /// Up to bytes.size(); fewer only at the end of the file.
    std::size_t read_at(std::uint64_t offset, std::span<char> bytes) const;

  private:
    int descriptor_ = -1;
};

/// Makes the folder (and its parents) with mode 0700 if it is not there.
void make_private_folder(const std::filesystem::path& folder);
/// fsync(2): names that were made, changed or removed in the folder are durable.
void sync_folder(const std::filesystem::path& folder);
/// After a crash the file has its old content or this, never a part.
void replace_file(const std::filesystem::path& path, std::string_view content);

/// Throws with "PATH: WHAT: reason of the error code".
[[noreturn]] void fail(const std::filesystem::path& path, std::string_view what, ErrorCode);
[[noreturn]] void fail(const std::filesystem::path& path, std::string_view what);
/// errno as an error code.
ErrorCode last_error();

}  // namespace portcullis::journal
