#pragma once
// Sixteen Rabbits abreast: lane i is Rabbit under the same key with the IV i. One step of all lanes gives 256
// bytes, word-major: for word 0..3, for lane 0..15, the word little-endian (FORMAT.md, rabbit-siv). Kept as a
// structure of arrays, so that the compiler makes vectors of the lanes on any machine.

#include <array>
#include <cstdint>
#include <span>

namespace portcullis::codec::rabbit {

inline constexpr std::size_t lane_count = 16;
inline constexpr std::size_t block_size = lane_count * 16;

class Lanes {
  public:
    explicit Lanes(std::span<const std::uint8_t, 16> key);
    ~Lanes();
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    /// XORs the next bytes of the keystream onto `text`. Only the last call may have a length that is no
    /// multiple of block_size: the rest of its block is lost.
    void apply(std::span<std::uint8_t> text);

  private:
    using Words = std::array<std::uint32_t, lane_count>;
    struct alignas(64) Vectors {
        std::array<Words, 8> x;
        std::array<Words, 8> counter;
        Words carry;
    };
    using Block = std::array<Words, 4>;

    void step();
    void extract(Block&) const;

    Vectors state_;
};

}  // namespace portcullis::codec::rabbit
