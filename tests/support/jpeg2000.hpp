#pragma once
// JPEG 2000 by OpenJPEG, which Debian's DCMTK lacks.

#include <optional>
#include <span>
#include <vector>

#include "gateway/assurance/png.hpp"

namespace portcullis::judge {

using assurance::Picture;

/// A codestream as a picture of 8 bits, stretched from the least to the greatest sample. Nothing if it does
/// not decode.
std::optional<Picture> decode_jpeg2000(std::span<const std::uint8_t> codestream);

/// Samples of one component in 16 bits each, little-endian, of which the lower `precision` bits count.
struct Samples {
    std::uint32_t width = 0, height = 0;
    std::uint32_t precision = 16;  // bits
    bool is_signed = false;
    std::vector<std::uint8_t> bytes;
};

/// A lossless codestream. Throws std::runtime_error.
std::vector<std::uint8_t> encode_jpeg2000(const Samples&);

}  // namespace portcullis::judge
