#pragma once
// Decodes one frame: RLE (PS3.5 annex G), JPEG-LS (ISO 14495-1), JPEG (ISO 10918-1, processes 1, 2, 4 and 14)
// and JPEG 2000 (ISO 15444-1). What a frame must be is known before: its header is compared with that before
// anything is allocated by it, and no more than that is ever written.

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/frame.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// Most bytes that a frame of this shape is taken for when it is compressed: noise grows a little.
std::uint64_t most_compressed(const FrameShape&);

/// What the attributes say of the samples, beside their shape.
struct Samples {
    std::uint16_t bits_stored;
    /// They are coded as luminance and chrominance, and decode to RGB: by JPEG, whose frames do not say so,
    /// and by JPEG 2000, whose frames must say so, too.
    bool to_rgb = false;
};

/// Writes shape.size() bytes to `frame`: words little-endian, colour by pixel. Coded samples may have fewer
/// bits than are allocated; where they are signed, none of those that are stored may be missing, and the sign
/// fills the bits above. `compressed` is given up on the way. Errors: malformed if it is not such a frame, or
/// another one than the shape says.
Result<void> decode_frame(Compression, const FrameShape&, const Samples&, Bytes compressed,
                          MutableByteView frame);

}  // namespace portcullis::image
