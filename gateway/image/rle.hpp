#pragma once
// RLE (PS3.5 annex G). DCMTK's decoder trusts the offsets of segments and reads where they point.

#include "gateway/base/bytes.hpp"
#include "gateway/image/frame.hpp"

namespace portcullis::image {

/// Writes shape.size() bytes to `frame`: words little-endian, colour by pixel. False if it is not such a
/// frame.
bool decode_rle(ByteView compressed, const FrameShape&, MutableByteView frame);

}  // namespace portcullis::image
