#include "gateway/image/jpeg2000_header.hpp"

#include <algorithm>

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

/// A.5.1; `segment` from its length on.
bool is_size_of(ByteView segment, const FrameShape& shape) {
    constexpr std::size_t fixed = 38;
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
    const auto precision =
        static_cast<std::uint8_t>((shape.bits_allocated - 1) | (shape.is_signed ? 0x80 : 0));
    for (std::size_t at = fixed; at < segment.size(); at += 3)
        if (segment[at] != precision || segment[at + 1] != 1 || segment[at + 2] != 1) return false;
    return true;
}

/// A.6.1; `segment` from its length on.
bool is_frugal(ByteView segment) {
    constexpr std::size_t fixed = 12;
    if (segment.size() < fixed || load_be16(&segment[4]) > most_layers) return false;
    if (segment[8] + 2 < least_block || segment[9] + 2 < least_block) return false;
    const auto precincts = segment.subspan(fixed);
    return std::all_of(precincts.begin(), precincts.end(), [](std::uint8_t sides) {
        return (sides & 0x0F) >= least_precinct && sides >> 4 >= least_precinct;
    });
}

/// Marker segments up to `last`, which is left in front of `rest`; false if there is none, or one that
/// `accepts` does not take.
template <class Accepts>
bool pass_segments(ByteView& rest, std::uint16_t last, const Accepts& accepts) {
    while (rest.size() >= 4) {
        const std::uint16_t marker = load_be16(rest.data());
        if (marker == last) return true;
        const std::size_t length = load_be16(&rest[2]);
        const bool overrides = marker == coding_component || marker == progression_change;
        if (length < 2 || length > rest.size() - 2 || overrides) return false;
        if (!accepts(marker, rest.subspan(2, length))) return false;
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

bool is_jpeg_2000_of(ByteView codestream, const FrameShape& shape) {
    if (codestream.size() < 4 || load_be16(codestream.data()) != start_of_codestream) return false;
    ByteView rest = codestream.subspan(2);
    int sizes = 0, styles = 0;
    const bool good = pass_segments(rest, start_of_tile, [&](std::uint16_t marker, ByteView segment) {
        if (marker == size_marker) return ++sizes == 1 && is_size_of(segment, shape);
        if (marker == coding_default) return ++styles == 1 && is_frugal(segment);
        return true;
    });
    return good && sizes == 1 && styles == 1 && are_plain_tiles(rest);
}

}  // namespace portcullis::image
