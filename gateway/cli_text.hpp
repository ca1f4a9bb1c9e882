#pragma once
// How answers for people and scripts are written.

#include <cstdint>
#include <span>
#include <string>

namespace portcullis::cli {

inline std::string hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) (text += digits[byte >> 4]) += digits[byte & 15];
    return text;
}

/// Text that others wrote, as paths are, on one line.
inline std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = '?';
    return text;
}

}  // namespace portcullis::cli
