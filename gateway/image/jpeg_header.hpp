#pragma once
// What a JPEG or JPEG-LS stream says about itself before its first scan (ISO 10918-1 annex B, ISO 14495-1
// annex C).

#include "gateway/base/bytes.hpp"
#include "gateway/image/frame.hpp"

namespace portcullis::image {

enum class JpegProcess : std::uint8_t { lossless = 0xC3, ls = 0xF7 };  // markers SOF3, SOF55

/// Whether it is one frame by this process, of this shape with every bit in use, and has no more scans than
/// samples: a decoder would go over the whole frame for each.
bool is_jpeg_of(ByteView stream, JpegProcess, const FrameShape&);

}  // namespace portcullis::image
