#pragma once
// Key material: move-only, wiped when it goes, never printed.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

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

}  // namespace portcullis::codec
