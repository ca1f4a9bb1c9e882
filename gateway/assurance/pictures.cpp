#include "gateway/assurance/pictures.hpp"

#include <algorithm>
#include <cmath>

namespace portcullis::assurance {

namespace {

constexpr std::uint32_t bars_height = 96;
constexpr std::uint8_t paper = 255;
constexpr std::uint8_t ink = 60;

std::uint8_t as_byte(double value, double least, double greatest) {
    return greatest > least
               ? static_cast<std::uint8_t>(std::lround(255 * (value - least) / (greatest - least)))
               : 0;
}

}  // namespace

std::optional<Picture> draw_frame(const Layout& layout, ByteView pixels) {
    if ((layout.bits != 8 && layout.bits != 16) || (layout.samples != 1 && layout.samples != 3))
        return std::nullopt;
    Layout first = layout;
    first.frames = 1;
    const auto planes = rasters(first, pixels);
    const std::size_t step = (std::max(layout.columns, layout.rows) + longest_side - 1) / longest_side;
    Picture picture;
    picture.width = static_cast<std::uint32_t>((layout.columns + step - 1) / step);
    picture.height = static_cast<std::uint32_t>((layout.rows + step - 1) / step);
    picture.samples = static_cast<std::uint32_t>(layout.samples);
    std::vector<double> samples;
    for (std::size_t row = 0; row < layout.rows; row += step)
        for (std::size_t column = 0; column < layout.columns; column += step)
            for (const Raster& plane : planes) samples.push_back(plane.at(column, row));
    // Eight bits are shown as they are.
    const auto [least, greatest] = std::ranges::minmax(samples);
    for (const double sample : samples)
        picture.pixels.push_back(layout.bits == 8 && !layout.is_signed ? static_cast<std::uint8_t>(sample)
                                                                       : as_byte(sample, least, greatest));
    return picture;
}

Picture draw_bytes(ByteView bytes) {
    constexpr std::size_t side = 256;
    Picture picture;
    picture.width = static_cast<std::uint32_t>(std::min(side, bytes.size()));
    picture.height = static_cast<std::uint32_t>(std::min(side, bytes.size() / picture.width));
    picture.pixels.assign(bytes.begin(), bytes.begin() + picture.width * picture.height);
    return picture;
}

Picture draw_histogram(const Histogram& histogram) {
    Picture picture{static_cast<std::uint32_t>(histogram.size()), bars_height, 1, {}};
    picture.pixels.assign(std::size_t{picture.width} * picture.height, paper);
    const auto highest =
        static_cast<double>(std::max<std::uint64_t>(*std::ranges::max_element(histogram), 1));
    for (std::size_t byte = 0; byte < histogram.size(); ++byte) {
        const auto height =
            static_cast<std::size_t>(std::ceil(bars_height * static_cast<double>(histogram[byte]) / highest));
        for (std::size_t y = bars_height - height; y < bars_height; ++y)
            picture.pixels[y * picture.width + byte] = ink;
    }
    return picture;
}

}  // namespace portcullis::assurance
