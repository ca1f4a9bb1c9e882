#pragma once
// Rabbit (RFC 4503), one instance, written as the RFC is: the yardstick for the sixteen lanes of lanes.hpp,
// and their key setup. Bytes are ordered as in eSTREAM, the reverse of the RFC's appendix: byte j of the key
// is K[8j+7..8j], word w of a block is S[32w+31..32w], little-endian.

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "codec/rabbit/constants.hpp"

namespace portcullis::codec::rabbit {

/// g of RFC 4503 2.6: the square of the sum, its upper half folded onto its lower.
constexpr std::uint32_t g(std::uint32_t u, std::uint32_t v) {
    const std::uint32_t sum = u + v;
    const std::uint64_t square = static_cast<std::uint64_t>(sum) * sum;
    return static_cast<std::uint32_t>(square) ^ static_cast<std::uint32_t>(square >> 32);
}

/// RFC 4503 2.4: what each of the eight counters is XORed with for an IV.
constexpr std::array<std::uint32_t, 4> iv_words(std::uint64_t iv) {
    const auto low = static_cast<std::uint32_t>(iv);
    const auto high = static_cast<std::uint32_t>(iv >> 32);
    return {low, (high & 0xFFFF0000) | (low >> 16), high, (high << 16) | (low & 0xFFFF)};
}

struct State {
    std::array<std::uint32_t, 8> x;
    std::array<std::uint32_t, 8> counter;
    std::uint32_t carry;

    void step();                                   // 2.5 and 2.6
    void set_iv(std::uint64_t iv);                 // 2.4
    std::array<std::uint32_t, 4> extract() const;  // 2.7
};

/// The state after key setup (2.3).
State key_setup(std::span<const std::uint8_t, 16> key);

}  // namespace portcullis::codec::rabbit
