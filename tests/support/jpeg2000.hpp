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

/// Samples, those of a pixel side by side, of which the lower `precision` bits count: in 8 bits each if that
/// is enough, else in 16, little-endian.
struct Samples {
    std::uint32_t width = 0, height = 0;
    std::uint32_t precision = 16;  // bits
    bool is_signed = false;
    std::vector<std::uint8_t> bytes;
    std::uint32_t components = 1;  // three are transformed reversibly (YBR_RCT)
};

/// A lossless codestream. Throws std::runtime_error.
std::vector<std::uint8_t> encode_jpeg2000(const Samples&);

}  // namespace portcullis::judge
