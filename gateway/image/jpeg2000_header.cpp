#include "gateway/image/jpeg2000_header.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::image {

namespace {

// Table A.2.
constexpr std::uint16_t start_of_codestream = 0xFF4F;
constexpr std::uint16_t start_of_tile = 0xFF90;
constexpr std::uint16_t start_of_data = 0xFF93;
constexpr std::uint16_t end_of_codestream = 0xFFD9;
constexpr std::uint16_t size_marker = 0xFF51;
constexpr std::uint16_t coding_default = 0xFF52;
constexpr std::uint16_t coding_component = 0xFF53;
constexpr std::uint16_t progression_change = 0xFF5F;

constexpr std::uint64_t least_tile = 128 * 128;  // pixels of one that is not the only one
constexpr std::uint16_t most_layers = 32;
constexpr int least_block = 4;     // log2 of the sides of a code-block
constexpr int least_precinct = 5;  // the same of a precinct

// Where in a segment, from its length on.
constexpr std::size_t depth_in_size = 38;      // of the first component: one bit less, and the sign above
constexpr std::size_t transform_in_style = 6;  // of components

/// A.5.1; `segment` from its length on.
bool is_size_of(ByteView segment, const FrameShape& shape) {
    constexpr std::size_t fixed = depth_in_size;
    if (segment.size() != fixed + 3u * shape.samples) return false;
    const auto number = [&](std::size_t at) { return load_be32(&segment[at]); };
    const bool same = number(4) == shape.columns && number(8) == shape.rows && number(12) == 0 &&
                      number(16) == 0 && load_be16(&segment[36]) == shape.samples;
    const std::uint64_t width = number(20), height = number(24);
    const bool only_tile = width >= shape.columns && height >= shape.rows;
    const bool placed = number(28) == 0 && number(32) == 0 && width > 0 && height > 0;
    const std::uint64_t pixels = std::min<std::uint64_t>(width, shape.columns) *
                                 std::min<std::uint64_t>(height, shape.rows);  // of a tile
    if (!same || !placed || (!only_tile && pixels < least_tile)) return false;
    if ((segment[depth_in_size] & 0x7F) >= shape.bits_allocated) return false;
    for (std::size_t at = fixed; at < segment.size(); at += 3)
        if (segment[at] != segment[depth_in_size] || segment[at + 1] != 1 || segment[at + 2] != 1)
            return false;
    return true;
}

/// What COD and COC have in common (tables A.15, A.20): from the number of decomposition levels on.
bool is_frugal_style(ByteView style) {
    constexpr std::size_t fixed = 5;
    if (style.size() < fixed || style[1] + 2 < least_block || style[2] + 2 < least_block) return false;
    const auto precincts = style.subspan(fixed);
    return std::all_of(precincts.begin(), precincts.end(), [](std::uint8_t sides) {
        return (sides & 0x0F) >= least_precinct && sides >> 4 >= least_precinct;
    });
}

/// A.6.1; `segment` from its length on.
bool is_frugal(ByteView segment) {
    constexpr std::size_t before_style = 7;
    return segment.size() > before_style && load_be16(&segment[4]) <= most_layers &&
           is_frugal_style(segment.subspan(before_style));
}

/// A.6.2, of fewer than 257 components; `segment` from its length on.
bool is_frugal_for_component(ByteView segment) {
    constexpr std::size_t before_style = 4;
    return segment.size() > before_style && is_frugal_style(segment.subspan(before_style));
}

/// Marker segments up to `last`, which is left in front of `rest`; false if there is none, or one that
/// `accepts` does not take.
template <class Accepts>
bool pass_segments(ByteView& rest, std::uint16_t last, const Accepts& accepts) {
    while (rest.size() >= 4) {
        const std::uint16_t marker = load_be16(rest.data());
        if (marker == last) return true;
        const std::size_t length = load_be16(&rest[2]);
        if (length < 2 || length > rest.size() - 2 || marker == progression_change) return false;
        const ByteView segment = rest.subspan(2, length);
        if (marker == coding_component && !is_frugal_for_component(segment)) return false;
        if (!accepts(marker, segment)) return false;
        rest = rest.subspan(2 + length);
    }
    return rest.size() >= 2 && load_be16(rest.data()) == last;
}

/// Tile-parts (A.4.2) to the end of the codestream, or of what is there of it.
bool are_plain_tiles(ByteView rest) {
    constexpr std::size_t header = 12;
    while (rest.size() >= header && load_be16(rest.data()) == start_of_tile) {
        std::uint64_t length = load_be32(&rest[6]);
        if (length == 0) length = rest.size();  // the last one
        if (length < header || length > rest.size()) return false;
        ByteView part = rest.subspan(header, static_cast<std::size_t>(length) - header);
        if (!pass_segments(part, start_of_data,
                           [](std::uint16_t marker, ByteView) { return marker != coding_default; }))
            return false;
        rest = rest.subspan(static_cast<std::size_t>(length));
    }
    return rest.size() < 2 || load_be16(rest.data()) == end_of_codestream;
}

}  // namespace

std::optional<Jpeg2000Samples> jpeg_2000_samples(ByteView codestream, const FrameShape& shape) {
    if (codestream.size() < 4 || load_be16(codestream.data()) != start_of_codestream) return std::nullopt;
    ByteView rest = codestream.subspan(2);
    ByteView size, style;
    const bool good = pass_segments(rest, start_of_tile, [&](std::uint16_t marker, ByteView segment) {
        if (marker == size_marker) return std::exchange(size, segment).empty() && is_size_of(segment, shape);
        if (marker == coding_default) return std::exchange(style, segment).empty() && is_frugal(segment);
        return true;
    });
    if (!good || size.empty() || style.empty() || !are_plain_tiles(rest)) return std::nullopt;
    const std::uint8_t depth = size[depth_in_size];
    return Jpeg2000Samples{static_cast<std::uint8_t>((depth & 0x7F) + 1), (depth & 0x80) != 0,
                           style[transform_in_style] != 0};
}

}  // namespace portcullis::image
