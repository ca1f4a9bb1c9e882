#include "gateway/journal/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace portcullis::journal {

namespace fs = std::filesystem;

ErrorCode last_error() {
    return {errno, boost::system::system_category()};
}

void fail(const fs::path& path, std::string_view what) {
    throw std::runtime_error(path.string() + ": " + std::string(what));
}

void fail(const fs::path& path, std::string_view what, ErrorCode error) {
    fail(path, std::string(what) + ": " + error.message());
}

File::File(const fs::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) fail(path, "cannot be opened", last_error());
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t File::size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) throw boost::system::system_error(last_error(), "fstat");
    return static_cast<std::uint64_t>(status.st_size);
}

namespace {
// Repeats `write_some` (write or pwrite of what is left) until everything is written.
template <class WriteSome>
ErrorCode write_all(std::string_view bytes, WriteSome write_some) {
    while (!bytes.empty()) {
        const ssize_t written = write_some(bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return last_error();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}
}  // namespace

ErrorCode File::write(std::string_view bytes) const {
    return write_all(
        bytes, [this](std::string_view rest) { return ::write(descriptor_, rest.data(), rest.size()); });
}

ErrorCode File::write_at(std::uint64_t offset, std::string_view bytes) const {
    return write_all(bytes, [&, end = offset + bytes.size()](std::string_view rest) {
        return ::pwrite(descriptor_, rest.data(), rest.size(), static_cast<off_t>(end - rest.size()));
    });
}

ErrorCode File::sync() const {
    return ::fdatasync(descriptor_) == 0 ? ErrorCode{} : last_error();
}

std::size_t File::read_at(std::uint64_t offset, std::span<char> bytes) const {
    std::size_t got = 0;
    while (got < bytes.size()) {
        const ssize_t n =
            ::pread(descriptor_, bytes.data() + got, bytes.size() - got, static_cast<off_t>(offset + got));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw boost::system::system_error(last_error(), "pread");
        if (n == 0) break;
        got += static_cast<std::size_t>(n);
    }
    return got;
}

void make_private_folder(const fs::path& folder) {
    if (fs::is_directory(folder)) return;
    if (folder.has_parent_path()) make_private_folder(folder.parent_path());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) fail(folder, "cannot be made", last_error());
}

void sync_folder(const fs::path& folder) {
    const File file(folder, O_RDONLY | O_DIRECTORY);
    if (::fsync(file.descriptor()) != 0) fail(folder, "cannot be synced", last_error());
}

void replace_file(const fs::path& path, std::string_view content) {
    const fs::path temporary = path.string() + ".new";
    const File file(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    if (const ErrorCode error = file.write(content)) fail(temporary, "cannot be written", error);
    if (const ErrorCode error = file.sync()) fail(temporary, "cannot be synced", error);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail(path, "cannot be replaced", last_error());
    sync_folder(path.parent_path());
}

}  // namespace portcullis::journal
