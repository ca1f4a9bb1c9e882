#pragma once
// Sixteen Rabbits abreast: lane i is Rabbit under the same key with the IV i. One step of all lanes gives 256
// bytes, word-major: for word 0..3, for lane 0..15, the word little-endian (FORMAT.md, rabbit-siv). The
// processor decides which implementation of the step runs (implementation.hpp); all give the same bytes.

#include <cstddef>
#include <cstdint>
#include <span>

namespace portcullis::codec::rabbit {

inline constexpr std::size_t lane_count = 16;
inline constexpr std::size_t block_size = lane_count * 16;

struct Implementation;
const Implementation& implementation();

/// A structure of arrays: a register takes its lanes from one row.
struct alignas(64) LaneStates {
    std::uint32_t x[8][lane_count];
    std::uint32_t counter[8][lane_count];
    std::uint32_t borrow[lane_count];
};

class Lanes {
  public:
    explicit Lanes(std::span<const std::uint8_t, 16> key, const Implementation& = implementation());
    ~Lanes();
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    /// XORs the next bytes of the keystream onto `text`. Only the last call may have a length that is no
    /// multiple of block_size: the rest of its block is lost.
    void apply(std::span<std::uint8_t> text);

  private:
    const Implementation& implementation_;
    LaneStates states_;
};

}  // namespace portcullis::codec::rabbit
