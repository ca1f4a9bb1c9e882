#pragma once
#include <cstdint>
#include <string>

namespace portcullis::dimse {

/// A status as DICOM prints it: "A700".
inline std::string hex(std::uint16_t status) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    for (int shift = 12; shift >= 0; shift -= 4) text += digits[status >> shift & 0xF];
    return text;
}

}  // namespace portcullis::dimse
