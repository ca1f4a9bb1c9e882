#pragma once
// The headers of a JPEG 2000 codestream (ISO 15444-1 annex A), read before a decoder allocates by them.

#include "gateway/base/bytes.hpp"
#include "gateway/image/frame.hpp"

namespace portcullis::image {

/// Whether it is a codestream of this shape with every bit in use, in tiles, precincts, code-blocks and
/// layers of which a decoder's own records are no larger than the pixels. Styles of coding are taken from the
/// main header only.
bool is_jpeg_2000_of(ByteView codestream, const FrameShape&);

}  // namespace portcullis::image
