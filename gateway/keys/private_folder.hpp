#pragma once
// Folders and small files that nobody else can read or have written. Everything is looked up relative to an
// open folder and without following links, so that what was checked is what is read. Errors are
// std::runtime_error with one line: where, what, what to do.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "codec/secret.hpp"

namespace portcullis::keys {

/// The content of a file of a keyring; wiped when it goes.
class SecretText {
  public:
    static constexpr std::size_t max = 4096;

    std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.view().data()), length_}; }
    /// Throws std::length_error over `max`.
    void append(std::string_view text);
    /// As lower-case hex.
    void append_hex(std::span<const std::uint8_t> bytes);

  private:
    friend class PrivateFolder;
    codec::Secret<max> bytes_;
    std::size_t length_ = 0;
};

class PrivateFolder {
  public:
    /// Opens a folder that is there; it must be private.
    explicit PrivateFolder(const std::filesystem::path& path);
    /// Makes a folder that is not there.
    static PrivateFolder make(const std::filesystem::path& path);
    /// The same for a folder inside this one.
    PrivateFolder open_inside(const std::string& name) const;
    PrivateFolder make_inside(const std::string& name) const;
    PrivateFolder(PrivateFolder&& other) noexcept;
    PrivateFolder& operator=(PrivateFolder&&) = delete;
    ~PrivateFolder();

    const std::filesystem::path& path() const { return path_; }
    /// Names of what is in it, sorted.
    std::vector<std::string> names() const;
    /// A regular file, private, at most SecretText::max bytes.
    SecretText read(const std::string& name) const;
    bool has(const std::string& name) const;
    /// Makes a file that is not there, durably once the folder is synced.
    void write(const std::string& name, std::string_view content) const;
    /// Makes a file, whole and durably, unless there is one: also of two who do so at once one alone does.
    void write_once(const std::string& name, std::string_view content) const;
    void sync() const;

  private:
    PrivateFolder(int parent, const std::string& name, std::filesystem::path path);

    std::filesystem::path path_;
    int descriptor_;
};

/// Makes names that were made or changed in any folder durable.
void sync_folder(const std::filesystem::path& path);

/// "PATH: WHAT".
[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what);
/// "PATH: WHAT: reason of errno".
[[noreturn]] void fail_errno(const std::filesystem::path& path, const std::string& what);

}  // namespace portcullis::keys
