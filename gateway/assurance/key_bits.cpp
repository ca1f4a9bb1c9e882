#include "gateway/assurance/key_bits.hpp"

#include <algorithm>

namespace portcullis::assurance {

namespace {

/// By chance a byte stays as it was in all of them once in 2^32.
constexpr std::size_t probes = 4;

/// `text` as units of probe_size, encrypted.
Bytes encrypted(codec::UnitCipher& cipher, Bytes text) {
    for (std::size_t i = 0; i < probes; ++i)
        cipher.encrypt(MutableByteView(text).subspan(i * probe_size, probe_size), i);
    return text;
}

/// Positions that are the same in every unit.
std::size_t count_left(ByteView a, ByteView b) {
    std::size_t left = 0;
    for (std::size_t at = 0; at < probe_size; ++at) {
        bool same = true;
        for (std::size_t i = at; i < a.size(); i += probe_size) same &= a[i] == b[i];
        left += same;
    }
    return left;
}

}  // namespace

KeyBits probe_key(const codec::Codec& codec, Seeded& seeded) {
    const Bytes text = seeded.bytes(probes * probe_size);
    Bytes key = seeded.bytes(codec.key_length);
    const Bytes expected = encrypted(*codec.create(key), text);
    KeyBits bits;
    for (std::size_t bit = 0; bit < 8 * key.size(); ++bit) {
        flip_bit(key, bit);
        const std::size_t left = count_left(expected, encrypted(*codec.create(key), text));
        flip_bit(key, bit);
        if (left == 0) {
            bits.reaching.push_back(bit);
        } else if (left == probe_size) {
            ++bits.without_effect;
        } else {
            ++bits.partial;
            bits.most_left = std::max(bits.most_left, left);
        }
    }
    return bits;
}

}  // namespace portcullis::assurance
