#include "gateway/image/element.hpp"

#include <algorithm>
#include <array>

#include "gateway/image/tags.hpp"

namespace portcullis::image {

bool has_short_length(std::string_view vr) {
    static constexpr std::array<std::string_view, 21> vrs = {"AE", "AS", "AT", "CS", "DA", "DS", "DT",
                                                             "FD", "FL", "IS", "LO", "LT", "PN", "SH",
                                                             "SL", "SS", "ST", "TM", "UI", "UL", "US"};
    return std::find(vrs.begin(), vrs.end(), vr) != vrs.end();
}

void append_header(Bytes& out, std::uint32_t tag, std::string_view vr, std::uint32_t length,
                   Encoding encoding) {
    const auto append16 = [&](std::uint32_t value) {
        const auto half = static_cast<std::uint16_t>(value);
        encoding.big_endian ? append_be16(out, half) : append_le16(out, half);
    };
    append16(tag >> 16);
    append16(tag & 0xFFFF);
    if (encoding.explicit_vr) append(out, as_bytes(vr));
    if (encoding.explicit_vr && has_short_length(vr)) return append16(length);
    if (encoding.explicit_vr && !vr.empty()) append16(0);
    encoding.big_endian ? append_be32(out, length) : append_le32(out, length);
}

void append_item_header(Bytes& out, std::uint32_t length, Encoding encoding) {
    append_header(out, tag::item, {}, length, encoding);
}

}  // namespace portcullis::image
