#pragma once
// Part 10 files written by hand.

#include <string>

#include "tests/image/build.hpp"

namespace portcullis::media::test {

inline constexpr const char* explicit_le = "1.2.840.10008.1.2.1";
inline constexpr const char* ct_storage = "1.2.840.10008.5.1.4.1.1.2";

inline Bytes head(const std::string& transfer_syntax, const std::string& sop_class = ct_storage) {
    image::test::DataSet meta(true);
    meta.uid(0x00020002, sop_class);
    if (!transfer_syntax.empty()) meta.uid(0x00020010, transfer_syntax);
    Bytes bytes(128, 0x5A);  // what is in the preamble passes, too
    append(bytes, as_bytes("DICM"));
    append(bytes, meta.bytes);
    return bytes;
}

/// An image of 8 bits, of so many bytes of pixels; `behind` stands behind them.
inline Bytes image_file(std::size_t pixels, ByteView behind = {}) {
    image::test::DataSet data(true);
    data.uid(0x00080016, ct_storage).uid(0x00080018, "1.2.3.4");
    data.us(0x00280010, 1).us(0x00280011, static_cast<std::uint16_t>(pixels)).us(0x00280100, 8);
    data.element(0x7FE00010, "OB", Bytes(pixels, 7));
    Bytes bytes = head(explicit_le);
    append(bytes, data.bytes);
    append(bytes, behind);
    return bytes;
}

}  // namespace portcullis::media::test
