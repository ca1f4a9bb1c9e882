// Plain C++ for any processor. The loops over the lanes are vectors to a compiler that looks for them.

#include <bit>

#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit/kernel.hpp"
#include "codec/secret.hpp"

namespace portcullis::codec::rabbit {

namespace {

struct Scalar {
    using Type = std::uint32_t;
    static Type is_less(Type a, Type b) { return 0 - static_cast<Type>(a < b); }
    static Type fold_square(Type word) {
        const std::uint64_t square = std::uint64_t{word} * word;
        return static_cast<Type>(square) ^ static_cast<Type>(square >> 32);
    }
    static Type halves(Type a, Type b) { return a >> 16 | b << 16; }
    template <int bits>
    static Type rotl(Type word) {
        return word << bits | word >> (32 - bits);
    }
};

std::uint32_t little_endian(std::uint32_t word) {
    if constexpr (std::endian::native == std::endian::little) return word;
    return __builtin_bswap32(word);
}

void step_all(LaneStates& states, std::uint32_t (&keystream)[4][lane_count]) {
    for (std::size_t i = 0; i < lane_count; ++i) {
        Lane<Scalar> lane;
        for (std::size_t j = 0; j < 8; ++j) {
            lane.x[j] = states.x[j][i];
            lane.counter[j] = states.counter[j][i];
        }
        lane.borrow = states.borrow[i];
        lane.step();
        for (std::size_t j = 0; j < 8; ++j) {
            states.x[j][i] = lane.x[j];
            states.counter[j][i] = lane.counter[j];
        }
        states.borrow[i] = lane.borrow;
        for (std::size_t word = 0; word < 4; ++word) keystream[word][i] = little_endian(lane.output(word));
    }
}

}  // namespace

void apply_portable(LaneStates& states, std::uint8_t* text, std::size_t blocks) {
    alignas(64) std::uint32_t keystream[4][lane_count];
    static_assert(sizeof keystream == block_size);
    for (; blocks > 0; --blocks, text += block_size) {
        step_all(states, keystream);
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(keystream);
        for (std::size_t i = 0; i < block_size; ++i) text[i] ^= bytes[i];
    }
    wipe({reinterpret_cast<std::uint8_t*>(keystream), sizeof keystream});
}

}  // namespace portcullis::codec::rabbit
