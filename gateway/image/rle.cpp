#include "gateway/image/rle.hpp"

#include <algorithm>

namespace portcullis::image {

namespace {

constexpr std::size_t header_size = 64;  // the number of segments, and 15 offsets (G.5)
constexpr std::size_t most_segments = 15;

/// Writes every `stride`th byte, the whole plane; what follows in the segment is padding (G.3.2).
bool decode_segment(ByteView segment, std::uint64_t count, std::uint8_t* out, std::size_t stride) {
    while (count > 0) {
        if (segment.empty()) return false;
        const std::uint8_t control = segment[0];
        segment = segment.subspan(1);
        if (control == 128) continue;
        const bool literal = control < 128;
        const std::size_t run = literal ? control + 1u : 257u - control;
        const std::size_t taken = literal ? run : 1;
        if (segment.size() < taken || run > count) return false;
        for (std::size_t i = 0; i < run; ++i, out += stride) *out = segment[literal ? i : 0];
        segment = segment.subspan(taken);
        count -= run;
    }
    return true;
}

}  // namespace

bool decode_rle(ByteView compressed, const FrameShape& shape, MutableByteView frame) {
    const std::size_t size = shape.sample_size();
    const std::size_t segments = shape.samples * size;
    if (compressed.size() < header_size || segments > most_segments || frame.size() != shape.size())
        return false;
    if (load_le32(compressed.data()) != segments) return false;
    const auto offset = [&](std::size_t segment) -> std::size_t {
        return segment == segments ? compressed.size() : load_le32(&compressed[4 * (segment + 1)]);
    };
    for (std::size_t i = 0; i < segments; ++i) {
        const std::size_t begin = offset(i), end = offset(i + 1);
        if (begin < header_size || begin > end || end > compressed.size()) return false;
        // The segments of a sample: its most significant byte first (G.2).
        const std::size_t at = i / size * size + (size - 1 - i % size);
        if (!decode_segment(compressed.subspan(begin, end - begin), shape.pixels(), frame.data() + at,
                            segments))
            return false;
    }
    return true;
}

}  // namespace portcullis::image
