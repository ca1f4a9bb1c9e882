#pragma once
// Part 10 files written by hand.

#include <algorithm>
#include <string>

#include "gateway/image/deflate.hpp"
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

inline Bytes deflated_file(ByteView data_set) {
    Bytes bytes = head("1.2.840.10008.1.2.1.99");
    append(bytes, image::deflated(data_set));
    return bytes;
}

/// Of a deflated file; throws if it is none.
inline Bytes inflated_content(ByteView file) {
    const auto length = head("1.2.840.10008.1.2.1.99").size();
    return image::inflated(file.subspan(length), std::uint64_t{1} << 30).value();
}

/// An image of 8 bits, of so many bytes of pixels; `behind` stands behind them.
inline Bytes image_data_set(std::size_t pixels) {
    image::test::DataSet data(true);
    data.uid(0x00080016, ct_storage).uid(0x00080018, "1.2.3.4");
    data.us(0x00280010, 1).us(0x00280011, static_cast<std::uint16_t>(pixels)).us(0x00280100, 8);
    data.element(0x7FE00010, "OB", Bytes(pixels, 7));
    return data.bytes;
}

inline Bytes image_file(std::size_t pixels, ByteView behind = {}) {
    Bytes bytes = head(explicit_le);
    append(bytes, image_data_set(pixels));
    append(bytes, behind);
    return bytes;
}

/// In one stored block after the other, as zlib does not deflate it.
inline Bytes deflated_image_file(std::size_t pixels) {
    const Bytes data_set = image_data_set(pixels);
    constexpr std::size_t longest = 0xFFFF;
    Bytes bytes = head("1.2.840.10008.1.2.1.99");
    for (std::size_t at = 0; at < data_set.size(); at += longest) {
        const auto block = ByteView(data_set).subspan(at, std::min(longest, data_set.size() - at));
        bytes.push_back(at + block.size() == data_set.size() ? 1 : 0);  // whether it is the last
        append_le16(bytes, static_cast<std::uint16_t>(block.size()));
        append_le16(bytes, static_cast<std::uint16_t>(~block.size()));
        append(bytes, block);
    }
    return bytes;
}

}  // namespace portcullis::media::test
