#pragma once
// The picture of the test study: a slope of 12 bits in 32 x 32 pixels, and what lossless encoders make of it.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace portcullis::probe {

inline constexpr unsigned rows = 32, columns = 32;
inline constexpr unsigned bits_stored = 12;

/// Row by row; of each value the lower 12 bits count.
std::vector<std::uint16_t> pixels();

struct Codestream {
    std::string_view transfer_syntax;
    std::span<const std::uint8_t> bytes;
    unsigned fragments;  // into which it is cut; a frame of RLE is one (PS3.5 A.4.2)
};

const std::vector<Codestream>& codestreams();

}  // namespace portcullis::probe
