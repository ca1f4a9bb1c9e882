#include "codec/rabbit/lanes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "codec/rabbit/rabbit.hpp"
#include "codec/secret.hpp"

namespace portcullis::codec::rabbit {

namespace {

constexpr std::uint32_t to_little_endian(std::uint32_t word) {
    if constexpr (std::endian::native == std::endian::little) return word;
    return __builtin_bswap32(word);
}

std::span<std::uint8_t> bytes_of(auto& object) {
    return {reinterpret_cast<std::uint8_t*>(&object), sizeof(object)};
}

void xor_block(std::uint8_t* text, const std::uint8_t* keystream, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) text[i] ^= keystream[i];
}

}  // namespace

Lanes::Lanes(std::span<const std::uint8_t, 16> key) {
    State common = key_setup(key);
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
        const auto words = iv_words(lane);
        for (std::size_t j = 0; j < 8; ++j) {
            state_.x[j][lane] = common.x[j];
            state_.counter[j][lane] = common.counter[j] ^ words[j % 4];
        }
        state_.carry[lane] = common.carry;
    }
    for (int i = 0; i < 4; ++i) step();
    wipe(bytes_of(common));
}

Lanes::~Lanes() {
    wipe(bytes_of(state_));
}

void Lanes::step() {
    // One loop over the lanes, whole: the eight words of a lane stay in registers.
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
        std::uint32_t carry = state_.carry[lane];
        std::array<std::uint32_t, 8> folded;
        for (std::size_t j = 0; j < 8; ++j) {
            const std::uint32_t before = state_.counter[j][lane];
            const std::uint32_t after = before + counter_constants[j] + carry;
            carry = after < before;  // the constant and the carry together do not overflow, nor are they 0
            state_.counter[j][lane] = after;
            folded[j] = g(state_.x[j][lane], after);
        }
        state_.carry[lane] = carry;
        for (std::size_t j = 0; j < 8; j += 2) {
            state_.x[j][lane] =
                folded[j] + std::rotl(folded[(j + 7) % 8], 16) + std::rotl(folded[(j + 6) % 8], 16);
            state_.x[j + 1][lane] = folded[j + 1] + std::rotl(folded[j], 8) + folded[(j + 7) % 8];
        }
    }
}

void Lanes::extract(Block& block) const {
    for (std::size_t w = 0; w < 4; ++w) {
        for (std::size_t lane = 0; lane < lane_count; ++lane) {
            block[w][lane] =
                to_little_endian(state_.x[2 * w][lane] ^ (state_.x[(2 * w + 5) % 8][lane] >> 16) ^
                                 (state_.x[(2 * w + 3) % 8][lane] << 16));
        }
    }
}

void Lanes::apply(std::span<std::uint8_t> text) {
    alignas(64) Block block;
    const auto keystream = bytes_of(block);
    while (text.size() >= block_size) {
        step();
        extract(block);
        xor_block(text.data(), keystream.data(), block_size);
        text = text.subspan(block_size);
    }
    if (!text.empty()) {
        step();
        extract(block);
        xor_block(text.data(), keystream.data(), text.size());
    }
    wipe(keystream);
}

}  // namespace portcullis::codec::rabbit
