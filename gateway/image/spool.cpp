#include "gateway/image/spool.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "codec/secret.hpp"

namespace portcullis::image {

namespace {

ErrorCode last_error() {
    return {errno, boost::system::system_category()};
}

/// The journal lives on the same disk and must not be starved by what can be sent again.
bool leaves_room(int descriptor) {
    struct statvfs disk {};
    return ::fstatvfs(descriptor, &disk) == 0 &&
           std::uint64_t{disk.f_bavail} * disk.f_frsize > Spool::reserve;
}

codec::Secret<32> ephemeral_key() {
    codec::Secret<32> key;
    if (!codec::fill_random(key.fill())) throw std::runtime_error("getrandom failed");
    return key;
}

}  // namespace

/// The unlinked file: pieces of `chunk` bytes (the last may be shorter), each under its number as nonce.
struct Spool::File {
    explicit File(const std::filesystem::path& folder)
        : descriptor(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)),
          key(ephemeral_key()),
          sealer(key.view()),
          opener(key.view()) {}
    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool write_all(ByteView bytes) {
        while (!bytes.empty()) {
            const auto count = ::write(descriptor, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
        return true;
    }

    bool read_all(MutableByteView into) {
        while (!into.empty()) {
            const auto count = ::pread(descriptor, into.data(), into.size(), position);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return false;
            position += count;
            into = into.subspan(static_cast<std::size_t>(count));
        }
        return true;
    }

    int descriptor;
    codec::Secret<32> key;
    codec::AeadSealer sealer;
    codec::AeadOpener opener;
    std::uint64_t written = 0;
    std::uint64_t read = 0;
    off_t position = 0;
    std::vector<codec::Tag> tags;
};

Spool::Spool(std::filesystem::path folder, std::size_t in_memory)
    : folder_(std::move(folder)), in_memory_(in_memory) {}
Spool::~Spool() {
    codec::wipe(memory_);
    codec::wipe(chunk_);
}

void Spool::write(ByteView bytes) {
    size_ += bytes.size();
    if (error_) return;
    const auto fits = std::min(bytes.size(), in_memory_ - memory_.size());
    append(memory_, bytes.first(fits));
    bytes = bytes.subspan(fits);
    while (!bytes.empty() && !error_) {
        const auto part = std::min(bytes.size(), chunk - chunk_.size());
        append(chunk_, bytes.first(part));
        bytes = bytes.subspan(part);
        if (chunk_.size() == chunk) spill();
    }
}

void Spool::spill() {
    if (!file_) file_ = std::make_unique<File>(folder_);
    if (file_->descriptor < 0) {
        error_ = last_error();
        return;
    }
    if (!leaves_room(file_->descriptor)) {
        error_ = ErrorCode(ENOSPC, boost::system::system_category());
        return;
    }
    file_->tags.push_back(file_->sealer.seal(file_->tags.size(), {}, chunk_));
    if (!file_->write_all(chunk_)) error_ = last_error();
    file_->written += chunk_.size();
    chunk_.clear();
}

void Spool::rewind() {
    read_ = 0;
    if (!file_) return;
    file_->read = 0;
    file_->position = 0;
}

Result<ByteView> Spool::next() {
    // What was gathered and not spilled follows the file: it is spilled first, so that one buffer serves for
    // reading.
    if (!std::exchange(reading_, true) && file_ && !chunk_.empty()) spill();
    if (error_) return error_;
    if (read_ < memory_.size()) {
        const auto piece =
            ByteView(memory_).subspan(read_).first(std::min<std::uint64_t>(chunk, memory_.size() - read_));
        read_ += piece.size();
        return piece;
    }
    if (file_ && file_->read < file_->tags.size()) {
        const auto left = file_->written - file_->read * chunk;
        chunk_.resize(std::min<std::uint64_t>(chunk, left));
        if (!file_->read_all(chunk_)) return last_error();
        const auto number = file_->read++;
        if (!file_->opener.open(number, {}, chunk_, file_->tags[number]))
            return ErrorCode(EIO, boost::system::system_category());
        read_ += chunk_.size();
        return ByteView(chunk_);
    }
    if (read_ < size_) {
        read_ = size_;
        return ByteView(chunk_);
    }
    return ByteView{};
}

}  // namespace portcullis::image
