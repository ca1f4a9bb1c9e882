#pragma once
// What the single bits of a codec's key do.

#include <cstddef>
#include <vector>

#include "codec/codec.hpp"
#include "gateway/assurance/seeded.hpp"

namespace portcullis::assurance {

inline constexpr std::size_t probe_size = 4096;  // bytes of the units that it is tried on

struct KeyBits {
    std::vector<std::size_t> reaching;  // their change reaches every byte of a unit
    std::size_t partial = 0;            // it leaves some bytes as they were, whatever the unit holds
    std::size_t most_left = 0;          // bytes that a partial one leaves, at most
    std::size_t without_effect = 0;
};

/// A key need not be one piece. Of rabbit-siv's, Poly1305 clears 22 bits; and the 256 bits of the stream key
/// do not reach the synthetic IV, which is 16 bytes of the unit.
KeyBits probe_key(const codec::Codec&, Seeded&);

}  // namespace portcullis::assurance
