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
                   bool explicit_vr) {
    append_le16(out, static_cast<std::uint16_t>(tag >> 16));
    append_le16(out, static_cast<std::uint16_t>(tag & 0xFFFF));
    if (explicit_vr) append(out, as_bytes(vr));
    if (explicit_vr && has_short_length(vr)) {
        append_le16(out, static_cast<std::uint16_t>(length));
        return;
    }
    if (explicit_vr) append_le16(out, 0);
    append_le32(out, length);
}

void append_item_header(Bytes& out, std::uint32_t length) {
    append_header(out, tag::item, {}, length, false);
}

}  // namespace portcullis::image
