#include "codec/plugin_image.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "codec/digest.hpp"

namespace portcullis::codec {

namespace {

constexpr std::size_t most_bytes = 64 << 20;

/// Of a FIFO, too, opening does not wait.
FileDescriptor open_regular_file(const std::string& path) {
    if (path.empty() || path.front() != '/') throw PluginError("is no absolute path");
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.is_open()) throw system_error("cannot be opened");
    struct stat status;
    if (::fstat(file.number(), &status) != 0) throw system_error("cannot be looked at");
    if (!S_ISREG(status.st_mode)) throw PluginError("is no regular file");
    return file;
}

std::string read_all(const FileDescriptor& file) {
    std::string bytes;
    std::string piece(64 * 1024, '\0');
    while (bytes.size() <= most_bytes) {
        const auto count = ::read(file.number(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw system_error("cannot be read");
        if (count == 0) return bytes;
        bytes.append(piece, 0, static_cast<std::size_t>(count));
    }
    throw PluginError("has more than 64 MiB");
}

void write_all(const FileDescriptor& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(file.number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw system_error("cannot be copied into memory");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string hex(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) (text += digits[byte >> 4]) += digits[byte & 15];
    return text;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
}

PluginError system_error(const std::string& what) {
    return PluginError(what + ": " + std::generic_category().message(errno));
}

std::string read_plugin_file(const PluginFile& named) {
    std::string bytes = read_all(open_regular_file(named.path));
    const Digest found = sha256({{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}});
    if (!equal_in_constant_time(found, named.sha256))
        throw PluginError("its SHA-256 is " + hex(found) + ", which is not the one that is allowed");
    return bytes;
}

FileDescriptor sealed_in_memory(const std::string& bytes) {
    FileDescriptor file(::memfd_create("portcullis-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file.is_open()) throw system_error("cannot be copied into memory");
    write_all(file, bytes);
    if (::fcntl(file.number(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
        throw system_error("cannot be sealed in memory");
    return file;
}

}  // namespace portcullis::codec
