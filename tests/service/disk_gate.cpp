#include "tests/service/disk_gate.hpp"

#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <mutex>

namespace portcullis::service::test {

namespace {

enum class Disk { sound, held, broken };

std::mutex mutex;
std::condition_variable changed;
Disk disk = Disk::sound;

void become(Disk state) {
    const std::lock_guard lock(mutex);
    disk = state;
    changed.notify_all();
}

bool is_journal(int descriptor) {
    std::error_code error;
    const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error);
    return path.extension() == ".journal";
}

/// Whether the disk works, once it is not held any more.
bool passes() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return disk != Disk::held; });
    return disk == Disk::sound;
}

}  // namespace

HeldDisk::HeldDisk() {
    become(Disk::held);
}
HeldDisk::~HeldDisk() {
    become(Disk::sound);
}
BrokenDisk::BrokenDisk() {
    become(Disk::broken);
}
BrokenDisk::~BrokenDisk() {
    become(Disk::sound);
}

}  // namespace portcullis::service::test

extern "C" int fdatasync(int descriptor) {
    if (portcullis::service::test::is_journal(descriptor) && !portcullis::service::test::passes()) {
        errno = EIO;
        return -1;
    }
    return 0;
}

extern "C" int fsync(int) {
    return 0;
}
