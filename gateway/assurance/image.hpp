#pragma once
// What is judged: the bytes that the gateway would seal, region by region and unit by unit.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/assurance/metrics.hpp"
#include "gateway/base/bytes.hpp"

namespace portcullis::assurance {

/// How samples lie in native pixel data (PS3.3 C.7.6.3).
struct Layout {
    std::size_t columns = 0, rows = 0, frames = 1;
    std::size_t samples = 1;  // per pixel
    unsigned bits = 0;        // allocated to a sample: 1, 8, 16 or 32
    bool is_signed = false;
    bool planar = false;  // colour by plane

    std::uint64_t bytes() const;  // of all frames
};

struct Image {
    std::string name;
    std::string encoding;  // transfer syntax UID, or "made here"
    bool native = true;    // false: the regions are fragments
    std::vector<Bytes> regions;
    std::optional<Layout> layout;  // of the first region, where it is native and long enough for it

    std::uint64_t bytes() const;
};

/// One raster for each frame and colour. `pixels` holds at least layout.bytes(), and outlives the rasters.
std::vector<Raster> rasters(const Layout&, ByteView pixels);
/// The bytes in a row, as a raster of one row: what has no layout.
Raster in_a_row(ByteView bytes);

/// A unit of an image: a piece of region `region`, with the number that the gateway would give it.
struct UnitPlace {
    std::size_t region, offset, size;
    std::uint64_t number;
};
std::vector<UnitPlace> units_of(const Image&);

/// 512x512 images that no scanner makes: black, white, black with one bit set; of 8 and of 16 bits.
std::vector<Image> degenerate_images();

}  // namespace portcullis::assurance
