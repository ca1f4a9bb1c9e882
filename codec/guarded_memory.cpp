#include "codec/guarded_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace portcullis::codec {

namespace {

constexpr std::uint8_t untouched = 0xA5;

}  // namespace

GuardedMemory::GuardedMemory(std::size_t length, Flush flush) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t usable = std::max<std::size_t>(1, (length + page - 1) / page) * page;
    void* const place = ::mmap(nullptr, usable + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::bad_alloc();
    all_ = {static_cast<std::uint8_t*>(place), usable + 2 * page};
    usable_ = all_.subspan(page, usable);
    bytes_ = usable_.subspan(flush == Flush::end ? usable - length : 0, length);
    protect(PROT_READ | PROT_WRITE);
    std::fill(usable_.begin(), usable_.end(), untouched);
}

GuardedMemory::~GuardedMemory() {
    ::munmap(all_.data(), all_.size());
}

bool GuardedMemory::rest_is_untouched() const {
    const auto is_untouched = [](std::uint8_t byte) { return byte == untouched; };
    const auto before = usable_.first(static_cast<std::size_t>(bytes_.data() - usable_.data()));
    const auto behind = usable_.subspan(before.size() + bytes_.size());
    return std::all_of(before.begin(), before.end(), is_untouched) &&
           std::all_of(behind.begin(), behind.end(), is_untouched);
}

void GuardedMemory::forbid_writing() {
    protect(PROT_READ);
}

void GuardedMemory::forbid_all() {
    protect(PROT_NONE);
}

void GuardedMemory::protect(int how) {
    if (::mprotect(usable_.data(), usable_.size(), how) != 0) throw std::bad_alloc();
}

}  // namespace portcullis::codec
