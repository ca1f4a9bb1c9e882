#pragma once
// JPEG 2000 by OpenJPEG, which Debian's DCMTK lacks.

#include <optional>
#include <span>

#include "gateway/assurance/png.hpp"

namespace portcullis::judge {

using assurance::Picture;

/// A codestream as a picture of 8 bits, stretched from the least to the greatest sample. Nothing if it does
/// not decode.
std::optional<Picture> decode_jpeg2000(std::span<const std::uint8_t> codestream);

}  // namespace portcullis::judge
