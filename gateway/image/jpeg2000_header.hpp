#pragma once
// The headers of a JPEG 2000 codestream (ISO 15444-1 annex A), read before a decoder allocates by them.

#include <optional>

#include "gateway/base/bytes.hpp"
#include "gateway/image/frame.hpp"

namespace portcullis::image {

/// What a codestream says of its samples.
struct Jpeg2000Samples {
    std::uint8_t bits;
    bool are_signed;
    bool are_transformed;  // from RGB, to which a decoder brings them back (annex G)
};

/// Nothing unless it is a codestream of this shape, but for samples that may have fewer bits and other signs,
/// all alike; in tiles, precincts, code-blocks and layers of which a decoder's own records are no larger than
/// the pixels. The style of coding of all components is taken from the main header only.
std::optional<Jpeg2000Samples> jpeg_2000_samples(ByteView codestream, const FrameShape&);

}  // namespace portcullis::image
