#include "gateway/image/element.hpp"

#include <algorithm>
#include <array>

#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// Of a VR: two letters as one number, which every element is compared by.
constexpr std::uint16_t code(std::string_view vr) {
    if (vr.size() != 2) return 0;
    return static_cast<std::uint16_t>(static_cast<unsigned char>(vr[0]) << 8 |
                                      static_cast<unsigned char>(vr[1]));
}

}  // namespace

bool has_short_length(std::string_view vr) {
    static constexpr std::array<std::uint16_t, 21> codes = {
        code("AE"), code("AS"), code("AT"), code("CS"), code("DA"), code("DS"), code("DT"),
        code("FD"), code("FL"), code("IS"), code("LO"), code("LT"), code("PN"), code("SH"),
        code("SL"), code("SS"), code("ST"), code("TM"), code("UI"), code("UL"), code("US")};
    return std::find(codes.begin(), codes.end(), code(vr)) != codes.end();
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
