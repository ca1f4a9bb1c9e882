// Replaces the global operators, in a file of its own, so that the compiler does not see through them.
#include "tests/codec/instrumented_memory.hpp"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace {

std::atomic<std::size_t> allocated = 0;

/// Of the test's own: what is recorded must not be allocated while it is.
constexpr std::size_t room = std::size_t{16} << 20;
std::uint8_t* recorded = nullptr;
std::size_t used = 0;
std::size_t blocks_freed = 0;
bool full = false;

void record(const void* memory) {
    if (!recorded || !memory) return;
    const std::size_t size = malloc_usable_size(const_cast<void*>(memory));
    ++blocks_freed;
    if (size > room - used) {
        full = true;
        return;
    }
    std::memcpy(recorded + used, memory, size);
    used += size;
}

void free_recorded(void* memory) {
    record(memory);
    std::free(memory);
}

void* openssl_allocate(std::size_t size, const char*, int) {
    return std::malloc(size);
}
void openssl_free(void* memory, const char*, int) {
    free_recorded(memory);
}
/// Always moves, so that what was outgrown is seen as well.
void* openssl_grow(void* memory, std::size_t size, const char*, int) {
    void* grown = std::malloc(size);
    if (grown && memory) {
        std::memcpy(grown, memory, std::min(size, malloc_usable_size(memory)));
        free_recorded(memory);
    }
    return grown;
}

/// OpenSSL takes them only before its first allocation.
const bool openssl_is_served = CRYPTO_set_mem_functions(openssl_allocate, openssl_grow, openssl_free) == 1;

}  // namespace

namespace portcullis::test {

std::size_t bytes_allocated() {
    return allocated;
}

FreedMemory::FreedMemory() {
    if (recorded || !openssl_is_served) throw std::logic_error("freed memory cannot be recorded");
    used = blocks_freed = 0;
    full = false;
    recorded = static_cast<std::uint8_t*>(std::malloc(room));
}

FreedMemory::~FreedMemory() {
    std::free(std::exchange(recorded, nullptr));
}

bool FreedMemory::holds(std::span<const std::uint8_t> bytes) const {
    return memmem(recorded, used, bytes.data(), bytes.size()) != nullptr;
}

std::size_t FreedMemory::blocks() const {
    return blocks_freed;
}

bool FreedMemory::overflowed() const {
    return full;
}

}  // namespace portcullis::test

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    allocated += size;
    return std::malloc(size);
}
void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    free_recorded(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    free_recorded(memory);
}
