#pragma once
// Key material: move-only, wiped when it goes, never printed.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/result.hpp"

namespace portcullis::codec {

/// Overwrites with zeros in a way that the compiler does not remove.
void wipe(std::span<std::uint8_t>);
/// In time that depends on the lengths only.
bool equal_in_constant_time(std::span<const std::uint8_t>, std::span<const std::uint8_t>);
/// From getrandom(2). Errors: Failure::random_unavailable.
Result<void> fill_random(std::span<std::uint8_t>);

template <std::size_t N>
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::span<const std::uint8_t, N> bytes) {
        std::copy(bytes.begin(), bytes.end(), bytes_.begin());
    }
    Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            bytes_ = other.bytes_;
            wipe(other.bytes_);
        }
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(bytes_); }

    std::span<const std::uint8_t, N> view() const { return bytes_; }
    std::span<std::uint8_t, N> fill() { return bytes_; }

  private:
    std::array<std::uint8_t, N> bytes_{};
};

/// Where the length is known only at run time.
class SecretBytes {
  public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size) : bytes_(size) {}
    SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {}
    SecretBytes& operator=(SecretBytes&& other) noexcept {
        if (this != &other) {
            wipe(bytes_);
            bytes_ = std::move(other.bytes_);
        }
        return *this;
    }
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes() { wipe(bytes_); }

    std::span<const std::uint8_t> view() const { return bytes_; }
    std::span<std::uint8_t> fill() { return bytes_; }

  private:
    std::vector<std::uint8_t> bytes_;  // never grows, so it leaves no copy behind
};

}  // namespace portcullis::codec
