#pragma once
// Decodes one frame that was compressed losslessly: RLE (PS3.5 annex G), JPEG-LS (ISO 14495-1), JPEG Lossless
// (ISO 10918-1, process 14) and JPEG 2000 (ISO 15444-1). What a frame must be is known before: its header is
// compared with that before anything is allocated by it, and no more than that is ever written.

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/frame.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// Most bytes that a frame of this shape is taken for when it is compressed: noise grows a little.
std::uint64_t most_compressed(const FrameShape&);

/// Writes shape.size() bytes to `frame`: words little-endian, colour by pixel. `compressed` is given up on
/// the way. Errors: malformed if it is not such a frame, or another one than the shape says.
Result<void> decode_frame(Compression, const FrameShape&, Bytes compressed, MutableByteView frame);

}  // namespace portcullis::image
