#include "gateway/image/jpeg_header.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::image {

namespace {

constexpr std::uint8_t start_of_image = 0xD8;
constexpr std::uint8_t start_of_scan = 0xDA;
constexpr std::uint8_t ls_parameters = 0xF8;  // LSE

bool is_frame_header(std::uint8_t marker) {
    const bool other = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;  // DHT, JPG, DAC
    return (marker >= 0xC0 && marker <= 0xCF && !other) || marker == 0xF7;
}

/// Tables (DHT, DQT, DRI), parameters (LSE), applications' own and comments. At others DCMTK 3.6.7 may search
/// for ever for the depth of the samples.
bool is_usual(std::uint8_t marker) {
    return marker == 0xC4 || marker == 0xDB || marker == 0xDD || marker == ls_parameters ||
           (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
}

/// `header`: from its length on.
bool describes(ByteView header, const FrameShape& shape) {
    constexpr std::size_t fixed = 8;
    return header.size() == fixed + 3u * shape.samples && header[2] > 0 &&
           header[2] <= shape.bits_allocated && load_be16(&header[3]) == shape.rows &&
           load_be16(&header[5]) == shape.columns && header[7] == shape.samples;
}

/// Preset coding parameters (14495-1 C.2.4.1.1) that leave the range of the samples and the reset interval as
/// they are by default: with others CharLS, as DCMTK 3.6.7 has it, decodes by tables that do not fit, and
/// reads and writes beside them. An LSE with anything else, such as other dimensions than the frame's, does
/// not come from a coder of DICOM images. `segment`: from its length on.
bool are_plain_presets(ByteView segment, std::uint8_t precision) {
    constexpr std::size_t length = 13;
    constexpr std::uint8_t presets = 1;
    if (segment.size() != length || segment[2] != presets) return false;
    const auto largest = load_be16(&segment[3]), reset = load_be16(&segment[11]);
    return (largest == 0 || largest == (std::uint32_t{1} << precision) - 1) && (reset == 0 || reset == 64);
}

/// What follows a 0xFF in coded data is stuffing or a restart, below this marker (B.1.1.5; 14495-1 A.1).
std::size_t scans(ByteView coded) {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < coded.size(); ++i)
        count += coded[i] == 0xFF && coded[i + 1] == start_of_scan;
    return count;
}

}  // namespace

std::optional<std::uint8_t> jpeg_precision(ByteView stream, std::initializer_list<JpegProcess> processes,
                                           const FrameShape& shape) {
    if (stream.size() < 2 || stream[0] != 0xFF || stream[1] != start_of_image) return std::nullopt;
    std::optional<std::uint8_t> precision;
    std::optional<ByteView> presets;
    for (ByteView rest = stream.subspan(2); rest.size() >= 4;) {
        if (rest[0] != 0xFF) return std::nullopt;
        const std::uint8_t marker = rest[1];
        if (marker == start_of_scan) {
            const bool plain = precision && (!presets || are_plain_presets(*presets, *precision));
            return plain && scans(rest) <= shape.samples ? precision : std::nullopt;
        }
        const std::size_t length = load_be16(&rest[2]);
        if (length < 2 || length > rest.size() - 2) return std::nullopt;
        const ByteView segment = rest.subspan(2, length);
        if (is_frame_header(marker)) {
            const bool expected = std::any_of(processes.begin(), processes.end(), [&](JpegProcess process) {
                return marker == static_cast<std::uint8_t>(process);
            });
            if (precision || !expected || !describes(segment, shape)) return std::nullopt;
            precision = segment[2];
        }
        if (!is_frame_header(marker) && !is_usual(marker)) return std::nullopt;
        if (marker == ls_parameters && std::exchange(presets, segment)) return std::nullopt;
        rest = rest.subspan(2 + length);
    }
    return std::nullopt;
}

}  // namespace portcullis::image
