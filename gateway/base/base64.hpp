#pragma once
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace portcullis {

/// RFC 4648 section 4, with padding and without line breaks: what XML Schema's base64Binary takes.
inline std::string base64(ByteView bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto left = bytes.size() - at;
        const std::uint32_t group = std::uint32_t{bytes[at]} << 16 |
                                    (left > 1 ? std::uint32_t{bytes[at + 1]} << 8 : 0) |
                                    (left > 2 ? std::uint32_t{bytes[at + 2]} : 0);
        text += digits[group >> 18];
        text += digits[group >> 12 & 63];
        text += left > 1 ? digits[group >> 6 & 63] : '=';
        text += left > 2 ? digits[group & 63] : '=';
    }
    return text;
}

}  // namespace portcullis
