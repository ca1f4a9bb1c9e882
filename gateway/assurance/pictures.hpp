#pragma once
// What people look at.

#include <optional>

#include "gateway/assurance/image.hpp"
#include "gateway/assurance/metrics.hpp"
#include "gateway/assurance/png.hpp"

namespace portcullis::assurance {

/// Larger ones are thinned out.
inline constexpr std::size_t longest_side = 384;

/// The first frame, from the least to the greatest sample. Nothing but for 8 and 16 bits, grey or RGB.
std::optional<Picture> draw_frame(const Layout&, ByteView pixels);
/// Bytes as grey pixels, at most 256 x 256; they are not empty.
Picture draw_bytes(ByteView bytes);
/// 256 bars, the highest as high as the picture.
Picture draw_histogram(const Histogram&);

}  // namespace portcullis::assurance
