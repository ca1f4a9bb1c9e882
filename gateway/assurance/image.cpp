#include "gateway/assurance/image.hpp"

#include <algorithm>
#include <numeric>

#include "codec/object.hpp"

namespace portcullis::assurance {

namespace {

double value_at(const Layout& layout, ByteView pixels, std::size_t index) {
    switch (layout.bits) {
        case 1:
            return pixels[index / 8] >> (index % 8) & 1;
        case 8:
            return layout.is_signed ? static_cast<std::int8_t>(pixels[index]) : pixels[index];
        case 16: {
            const std::uint16_t word = load_le16(&pixels[2 * index]);
            return layout.is_signed ? static_cast<std::int16_t>(word) : word;
        }
        default: {
            const std::uint32_t word = load_le32(&pixels[4 * index]);
            return layout.is_signed ? double{1} * static_cast<std::int32_t>(word) : double{1} * word;
        }
    }
}

Image made(const std::string& name, unsigned bits, std::uint8_t fill) {
    constexpr std::size_t side = 512;
    Image image;
    image.name = name + ", " + std::to_string(bits) + " bits";
    image.encoding = "made here";
    image.layout = Layout{side, side, 1, 1, bits};
    image.regions.emplace_back(image.layout->bytes(), fill);
    return image;
}

}  // namespace

std::uint64_t Layout::bytes() const {
    return (std::uint64_t{columns} * rows * frames * samples * bits + 7) / 8;
}

std::uint64_t Image::bytes() const {
    return std::accumulate(regions.begin(), regions.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Bytes& region) { return sum + region.size(); });
}

std::vector<Raster> rasters(const Layout& layout, ByteView pixels) {
    std::vector<Raster> all;
    const std::size_t plane = layout.columns * layout.rows;
    for (std::size_t frame = 0; frame < layout.frames; ++frame) {
        for (std::size_t sample = 0; sample < layout.samples; ++sample) {
            const std::size_t step = layout.planar ? 1 : layout.samples;
            const std::size_t first =
                frame * plane * layout.samples + (layout.planar ? sample * plane : sample);
            all.push_back({layout.columns, layout.rows,
                           [layout, pixels, first, step](std::size_t column, std::size_t row) {
                               const std::size_t pixel = row * layout.columns + column;
                               return value_at(layout, pixels, first + pixel * step);
                           }});
        }
    }
    return all;
}

Raster in_a_row(ByteView bytes) {
    return {bytes.size(), 1, [bytes](std::size_t column, std::size_t) { return double{1} * bytes[column]; }};
}

std::vector<UnitPlace> units_of(const Image& image) {
    std::vector<UnitPlace> units;
    for (std::size_t region = 0; region < image.regions.size(); ++region) {
        const std::size_t length = image.regions[region].size();
        for (std::size_t offset = 0; offset < length; offset += codec::unit_size)
            units.push_back({region, offset, std::min(codec::unit_size, length - offset), units.size()});
    }
    return units;
}

std::vector<Image> degenerate_images() {
    std::vector<Image> images;
    for (const unsigned bits : {8U, 16U}) {
        images.push_back(made("all black", bits, 0x00));
        images.push_back(made("all white", bits, 0xFF));
        images.push_back(made("one bit set", bits, 0x00));
        Bytes& pixels = images.back().regions.front();
        pixels[pixels.size() / 2] = 1;
    }
    return images;
}

}  // namespace portcullis::assurance
