#pragma once
// How answers for people and scripts are written.

#include <string>

#include "gateway/base/hex.hpp"

namespace portcullis::cli {

/// Text that others wrote, as paths are, on one line.
inline std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = '?';
    return text;
}

}  // namespace portcullis::cli
