#include "gateway/keys/private_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace portcullis::keys {

namespace fs = std::filesystem;

void fail(const fs::path& path, const std::string& what) {
    throw std::runtime_error(path.string() + ": " + what);
}

void fail_errno(const fs::path& path, const std::string& what) {
    if (errno == ELOOP) fail(path, what + ": it is a symbolic link; put the file itself there");
    fail(path, what + ": " + std::generic_category().message(errno));
}

namespace {

// A descriptor that is closed at the end of the block.
struct Descriptor {
    const int number;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

struct stat check_private(int descriptor, const fs::path& path, mode_t allowed) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) fail_errno(path, "cannot be examined");
    const uid_t user = ::geteuid();
    if (user != 0 && status.st_uid != user && status.st_uid != 0)
        fail(path, "belongs to another user; chown it to the user who runs the gateway");
    if ((status.st_mode & 0777 & ~allowed) != 0)
        fail(path, allowed == 0700
                       ? "may be entered or read by others; chmod 0700 it, and replace the keys "
                         "if others could have read them"
                       : "may be read or written by others; chmod 0600 it, and replace the key if "
                         "others could have read it");
    return status;
}

int open_folder(int parent, const std::string& name, const fs::path& path) {
    const int descriptor = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor >= 0) return descriptor;
    if (errno == ENOENT) fail(path, "there is no keyring; make one with: portcullis keys init");
    if (errno == ENOTDIR) fail(path, "is not a folder, or a symbolic link to one; name the folder itself");
    fail_errno(path, "cannot be opened");
}

// A name with a slash at its end would follow a link.
fs::path without_slash(const fs::path& path) {
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace

void SecretText::append(std::string_view text) {
    if (text.size() > max - length_) throw std::length_error("SecretText");
    std::copy(text.begin(), text.end(), bytes_.fill().begin() + static_cast<std::ptrdiff_t>(length_));
    length_ += text.size();
}

void SecretText::append_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto byte : bytes) {
        append(digits.substr(byte >> 4, 1));
        append(digits.substr(byte & 15, 1));
    }
}

PrivateFolder::PrivateFolder(int parent, const std::string& name, fs::path path)
    : path_(std::move(path)), descriptor_(open_folder(parent, name, path_)) {
    try {
        check_private(descriptor_, path_, 0700);
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

PrivateFolder::PrivateFolder(const fs::path& path)
    : PrivateFolder(AT_FDCWD, without_slash(path), without_slash(path)) {}

PrivateFolder PrivateFolder::make(const fs::path& path) {
    if (::mkdir(path.c_str(), 0700) != 0) fail_errno(path, "cannot be made");
    return PrivateFolder(path);
}

PrivateFolder PrivateFolder::open_inside(const std::string& name) const {
    return PrivateFolder(descriptor_, name, path_ / name);
}

PrivateFolder PrivateFolder::make_inside(const std::string& name) const {
    if (::mkdirat(descriptor_, name.c_str(), 0700) != 0) fail_errno(path_ / name, "cannot be made");
    return open_inside(name);
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

PrivateFolder::~PrivateFolder() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<std::string> PrivateFolder::names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd/" + std::to_string(descriptor_)))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

SecretText PrivateFolder::read(const std::string& name) const {
    const fs::path file = path_ / name;
    // O_NONBLOCK: a FIFO must not make us wait.
    const Descriptor descriptor{
        ::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (descriptor.number < 0 && errno == ENOENT) fail(file, "is missing; restore it from the backup");
    if (descriptor.number < 0) fail_errno(file, "cannot be opened");
    const auto status = check_private(descriptor.number, file, 0600);
    if (!S_ISREG(status.st_mode)) fail(file, "is not a regular file");
    if (status.st_size > static_cast<off_t>(SecretText::max)) fail(file, "is too long for a key; restore it");
    SecretText text;
    const auto room = text.bytes_.fill();
    while (text.length_ < room.size()) {
        const ssize_t n = ::read(descriptor.number, room.data() + text.length_, room.size() - text.length_);
        if (n < 0) fail_errno(file, "cannot be read");
        if (n == 0) break;
        text.length_ += static_cast<std::size_t>(n);
    }
    return text;
}

void PrivateFolder::write(const std::string& name, std::string_view content) const {
    const fs::path file = path_ / name;
    const Descriptor descriptor{
        ::openat(descriptor_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (descriptor.number < 0) fail_errno(file, "cannot be made");
    while (!content.empty()) {
        const ssize_t n = ::write(descriptor.number, content.data(), content.size());
        if (n < 0) fail_errno(file, "cannot be written");
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(descriptor.number) != 0) fail_errno(file, "cannot be synced");
}

bool PrivateFolder::has(const std::string& name) const {
    struct stat status {};
    if (::fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return true;
    if (errno != ENOENT) fail_errno(path_ / name, "cannot be examined");
    return false;
}

void PrivateFolder::write_once(const std::string& name, std::string_view content) const {
    std::array<std::uint8_t, 8> random;
    if (!codec::fill_random(random)) fail(path_ / name, "cannot be made: no random bytes from the kernel");
    SecretText digits;
    digits.append_hex(random);
    const std::string temporary = name + ".new." + std::string(digits.view());
    write(temporary, content);
    const bool made = ::linkat(descriptor_, temporary.c_str(), descriptor_, name.c_str(), 0) == 0;
    const int why = errno;
    ::unlinkat(descriptor_, temporary.c_str(), 0);
    errno = why;
    if (!made && why != EEXIST) fail_errno(path_ / name, "cannot be made");
    sync();
}

void PrivateFolder::sync() const {
    if (::fsync(descriptor_) != 0) fail_errno(path_, "cannot be synced");
}

void sync_folder(const fs::path& path) {
    const Descriptor descriptor{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (descriptor.number < 0 || ::fsync(descriptor.number) != 0) fail_errno(path, "cannot be synced");
}

}  // namespace portcullis::keys
