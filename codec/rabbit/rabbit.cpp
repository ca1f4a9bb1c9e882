#include "codec/rabbit/rabbit.hpp"

#include <cstddef>

#include "codec/secret.hpp"

namespace portcullis::codec::rabbit {

void State::step() {
    for (std::size_t j = 0; j < 8; ++j) {
        const std::uint64_t sum = std::uint64_t{counter[j]} + counter_constants[j] + carry;
        counter[j] = static_cast<std::uint32_t>(sum);
        carry = static_cast<std::uint32_t>(sum >> 32);
    }
    std::array<std::uint32_t, 8> folded;
    for (std::size_t j = 0; j < 8; ++j) folded[j] = g(x[j], counter[j]);
    for (std::size_t j = 0; j < 8; j += 2) {
        x[j] = folded[j] + std::rotl(folded[(j + 7) % 8], 16) + std::rotl(folded[(j + 6) % 8], 16);
        x[j + 1] = folded[j + 1] + std::rotl(folded[j], 8) + folded[(j + 7) % 8];
    }
}

void State::set_iv(std::uint64_t iv) {
    const auto words = iv_words(iv);
    for (std::size_t j = 0; j < 8; ++j) counter[j] ^= words[j % 4];
    for (int i = 0; i < 4; ++i) step();
}

std::array<std::uint32_t, 4> State::extract() const {
    std::array<std::uint32_t, 4> words;
    for (std::size_t w = 0; w < 4; ++w) {
        words[w] = x[2 * w] ^ (x[(2 * w + 5) % 8] >> 16) ^ (x[(2 * w + 3) % 8] << 16);
    }
    return words;
}

State key_setup(std::span<const std::uint8_t, 16> key) {
    std::array<std::uint32_t, 8> k;  // K of 2.3, sixteen bits each
    for (std::size_t j = 0; j < 8; ++j) k[j] = key[2 * j] | std::uint32_t{key[2 * j + 1]} << 8;
    State state{};
    for (std::size_t j = 0; j < 8; ++j) {
        const bool even = j % 2 == 0;
        state.x[j] = even ? k[(j + 1) % 8] << 16 | k[j] : k[(j + 5) % 8] << 16 | k[(j + 4) % 8];
        state.counter[j] = even ? k[(j + 4) % 8] << 16 | k[(j + 5) % 8] : k[j] << 16 | k[(j + 1) % 8];
    }
    for (int i = 0; i < 4; ++i) state.step();
    for (std::size_t j = 0; j < 8; ++j) state.counter[j] ^= state.x[(j + 4) % 8];
    wipe({reinterpret_cast<std::uint8_t*>(k.data()), sizeof k});
    return state;
}

}  // namespace portcullis::codec::rabbit
