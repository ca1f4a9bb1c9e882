#include "codec/rabbit/lanes.hpp"

#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit/rabbit.hpp"
#include "codec/secret.hpp"

namespace portcullis::codec::rabbit {

namespace {

std::span<std::uint8_t> bytes_of(auto& object) {
    return {reinterpret_cast<std::uint8_t*>(&object), sizeof(object)};
}

}  // namespace

Lanes::Lanes(std::span<const std::uint8_t, 16> key, const Implementation& chosen) : implementation_(chosen) {
    State common = key_setup(key);
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
        const auto words = iv_words(lane);
        for (std::size_t j = 0; j < 8; ++j) {
            states_.x[j][lane] = common.x[j];
            states_.counter[j][lane] = common.counter[j] ^ words[j % 4];
        }
        states_.borrow[lane] = 0 - common.carry;
    }
    // The four steps after the IV (RFC 4503 2.4), whose output nobody sees.
    std::uint8_t unused[4 * block_size] = {};
    implementation_.apply(states_, unused, 4);
    wipe(unused);
    wipe(bytes_of(common));
}

Lanes::~Lanes() {
    wipe(bytes_of(states_));
}

void Lanes::apply(std::span<std::uint8_t> text) {
    const std::size_t blocks = text.size() / block_size;
    implementation_.apply(states_, text.data(), blocks);
    const auto rest = text.subspan(blocks * block_size);
    if (rest.empty()) return;
    std::uint8_t keystream[block_size] = {};
    implementation_.apply(states_, keystream, 1);
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] ^= keystream[i];
    wipe(keystream);
}

}  // namespace portcullis::codec::rabbit
