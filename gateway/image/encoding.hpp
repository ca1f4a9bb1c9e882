#pragma once
// How the elements of a data set are written (PS3.5 annex A), and how the bytes of their values are seen.

#include <cstddef>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace portcullis::image {

struct Encoding {
    bool explicit_vr;
    bool big_endian = false;  // only with explicit_vr (PS3.5 A.3)
    bool operator==(const Encoding&) const = default;
};

/// Bytes of one word of a value of this VR (PS3.5 6.2, 7.3): what another byte order turns around. 1 for
/// text, OB and UN, and if there is no VR.
std::size_t word_size(std::string_view vr);

/// Turns the bytes of every whole word around; what is left at the end stays.
void swap_words(MutableByteView bytes, std::size_t word_size);

}  // namespace portcullis::image
