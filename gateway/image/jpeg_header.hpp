#pragma once
// What a JPEG or JPEG-LS stream says about itself before its first scan (ISO 10918-1 annex B, ISO 14495-1
// annex C).

#include <initializer_list>
#include <optional>

#include "gateway/base/bytes.hpp"
#include "gateway/image/frame.hpp"

namespace portcullis::image {

/// Markers SOF0, SOF1, SOF3, SOF55.
enum class JpegProcess : std::uint8_t { baseline = 0xC0, extended = 0xC1, lossless = 0xC3, ls = 0xF7 };

/// The bits of its samples, if it is one frame by one of these processes, of this shape but for samples that
/// may have fewer bits, has no more scans than samples (a decoder would go over the whole frame for each),
/// and, of JPEG-LS, has no presets that change more than thresholds.
std::optional<std::uint8_t> jpeg_precision(ByteView stream, std::initializer_list<JpegProcess>,
                                           const FrameShape&);

}  // namespace portcullis::image
