#pragma once
// Keys and positions of a report: reproducible, and good for nothing else.

#include <cstdint>
#include <random>

#include "gateway/base/bytes.hpp"

namespace portcullis::assurance {

inline constexpr std::uint64_t report_seed = 20260101;

class Seeded {
  public:
    explicit Seeded(std::uint64_t seed = report_seed) : engine_(seed) {}
    /// Below `bound`, which is small beside 2^64. The standard specifies the engine to the bit, but no
    /// distribution of its own.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
    Bytes bytes(std::size_t size) {
        Bytes made(size);
        for (auto& byte : made) byte = static_cast<std::uint8_t>(engine_() >> 56);
        return made;
    }

  private:
    std::mt19937_64 engine_;
};

inline void flip_bit(MutableByteView bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
}

}  // namespace portcullis::assurance
