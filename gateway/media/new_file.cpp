#include "gateway/media/new_file.hpp"

#include <fcntl.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "gateway/media/refused.hpp"
#include "gateway/media/source.hpp"
#include "gateway/media/temporary.hpp"

namespace portcullis::media {

namespace fs = std::filesystem;

namespace {

/// Bytes. What is smaller is gathered, what is larger is written from where it is.
constexpr std::size_t large = 64 * 1024;
constexpr mode_t permissions = 07777;

/// Whether it stands at `to` now. False if there is something already.
bool rename_to_free(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno == EEXIST) return false;
    // Not every file system knows this; nobody but us writes there.
    if (errno != EINVAL && errno != ENOSYS) refuse_errno("cannot be put in its place");
    if (fs::exists(fs::symlink_status(to))) return false;
    if (::rename(from.c_str(), to.c_str()) != 0) refuse_errno("cannot be put in its place");
    return true;
}

}  // namespace

NewFile::NewFile(fs::path destination, Place place, const struct stat& original)
    : destination_(std::move(destination)),
      place_(place),
      original_(original),
      file_(make_temporary(destination_, temporary_)) {
    small_.reserve(2 * large);
}

NewFile::~NewFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::write(ByteView bytes) {
    if (bytes.size() >= large || small_.size() + bytes.size() > small_.capacity()) return write_out(bytes);
    append(small_, bytes);
}

/// What was gathered, and this.
void NewFile::write_out(ByteView bytes) {
    std::array<ByteView, 2> parts = {ByteView(small_), bytes};
    while (!parts[0].empty() || !parts[1].empty()) {
        std::array<iovec, 2> pieces{};
        for (std::size_t i = 0; i < parts.size(); ++i)
            pieces[i] = {const_cast<std::uint8_t*>(parts[i].data()), parts[i].size()};
        const auto written = ::writev(file_.get(), pieces.data(), pieces.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) refuse_errno("the new file cannot be written");
        const auto count = static_cast<std::size_t>(written);
        const auto first = std::min(count, parts[0].size());
        parts = {parts[0].subspan(first), parts[1].subspan(count - first)};
    }
    small_.clear();
}

/// Before the permissions: another owner takes bits of them away. Who may not give files away keeps them.
void NewFile::take_owner() {
    if (original_.st_uid == ::geteuid() && original_.st_gid == ::getegid()) return;
    constexpr auto unchanged = static_cast<uid_t>(-1);
    if (::fchown(file_.get(), original_.st_uid, original_.st_gid) == 0) return;
    [[maybe_unused]] const int in_vain = ::fchown(file_.get(), unchanged, original_.st_gid);
}

void NewFile::complete() {
    write_out({});
    take_owner();
    if (::fchmod(file_.get(), original_.st_mode & permissions) != 0)
        refuse_errno("the permissions of the new file cannot be set");
    const std::array<timespec, 2> times = {original_.st_atim, original_.st_mtim};
    if (::futimens(file_.get(), times.data()) != 0) refuse_errno("the time of the new file cannot be set");
    ::sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
}

void NewFile::make_durable() {
    if (::fsync(file_.get()) != 0) refuse_errno("the new file cannot be made durable");
}

void NewFile::put_in_place() {
    if (place_ == Place::in_place) {
        // What somebody else wrote there meanwhile is not lost.
        struct stat now {};
        if (::stat(destination_.c_str(), &now) != 0) refuse_errno("went away meanwhile");
        if (!is_same(now, original_)) throw Refused("changed meanwhile; try again");
        if (::rename(temporary_.c_str(), destination_.c_str()) != 0)
            refuse_errno("cannot be put in its place");
    } else if (!rename_to_free(temporary_, destination_)) {
        throw Refused(destination_.string() + " came to be there meanwhile; try again");
    }
    temporary_.clear();
}

void sync_folder(const fs::path& folder) {
    const fs::path path = folder.empty() ? "." : folder;
    const Descriptor open(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems do not sync folders (EINVAL): there is nothing more to do there.
    if (!open || (::fsync(open.get()) != 0 && errno != EINVAL))
        refuse_errno("folder " + path.string() + " cannot be made durable");
}

}  // namespace portcullis::media
