#pragma once
// Small objects made by hand, with pixels that do not repeat.

#include <random>

#include "tests/image/build.hpp"
#include "tests/image/gate.hpp"

namespace portcullis::image::test {

inline Bytes noise(std::size_t size, unsigned seed = 1) {
    std::mt19937 random(seed);
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}

/// The attributes of an image of rows x columns pixels of 16 bits, all of them used: nothing to change.
inline DataSet image_header(Encoding encoding, std::uint16_t rows, std::uint16_t columns) {
    DataSet data(encoding);
    data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").uid(0x00080018, "1.2.3.4");
    data.element(0x00080050, "SH", "A1").element(0x00100020, "LO", "PAT 1 ").uid(0x0020000D, "1.2.8");
    data.uid(0x0020000E, "1.2.9").us(0x00280002, 1).element(0x00280004, "CS", "MONOCHROME2 ");
    data.us(0x00280010, rows).us(0x00280011, columns).us(0x00280100, 16).us(0x00280101, 16);
    data.us(0x00280102, 15).us(0x00280103, 0).element(0x00281053, "DS", "2 ");
    return data;
}

inline DataSet image_header(bool explicit_vr, std::uint16_t rows, std::uint16_t columns) {
    return image_header(Encoding{explicit_vr}, rows, columns);
}

/// 700 x 512 pixels: two whole units and one of 192,512 bytes.
inline DataSet native_image(bool explicit_vr) {
    DataSet data = image_header(explicit_vr, 700, 512);
    data.element(0x7FE00010, "OW", noise(700 * 512 * 2));
    return data;
}

/// Three frames, the first of two units, with an offset table and one empty fragment.
inline const std::vector<std::size_t> fragment_lengths = {300'000, 0, 20'000, 2};
inline DataSet encapsulated_image() {
    DataSet data = image_header(true, 700, 512);
    data.header(0x7FE00010, "OB", undefined).fragment(Bytes(12, 0));
    unsigned seed = 1;
    for (const std::size_t length : fragment_lengths) data.fragment(noise(length, seed++));
    data.end_sequence();
    return data;
}

}  // namespace portcullis::image::test
