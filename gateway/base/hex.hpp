#pragma once
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace portcullis {

/// Two digits for each byte, in lower case.
inline std::string hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(2 * bytes.size(), '0');
    auto* next = text.data();
    for (const std::uint8_t byte : bytes) {
        *next++ = digits[byte >> 4];
        *next++ = digits[byte & 15];
    }
    return text;
}

}  // namespace portcullis
