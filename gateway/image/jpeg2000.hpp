#pragma once
// JPEG 2000 (ISO 15444-1) by OpenJPEG, which Debian's DCMTK lacks.

#include "gateway/base/bytes.hpp"
#include "gateway/image/frame.hpp"
#include "gateway/image/frame_decoder.hpp"

namespace portcullis::image {

/// Writes shape.size() bytes to `frame`: words little-endian, colour by pixel. False if it is not a
/// codestream of this shape and these samples, or one that asks for much more memory than its pixels need.
bool decode_jpeg_2000(ByteView codestream, const FrameShape&, const Samples&, MutableByteView frame);

}  // namespace portcullis::image
