#pragma once
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace portcullis {

/// Two digits for each byte, in lower case.
inline std::string hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) (text += digits[byte >> 4]) += digits[byte & 15];
    return text;
}

}  // namespace portcullis
