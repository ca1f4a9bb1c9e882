#pragma once
// How the header of an element is written (PS3.5 7.1).

#include <string_view>

#include "gateway/base/bytes.hpp"
#include "gateway/image/encoding.hpp"

namespace portcullis::image {

/// Whether the length of a VR has 16 bits in Explicit VR (PS3.5 table 7.1-2); that of every other VR, known
/// or yet to come, has 32.
bool has_short_length(std::string_view vr);

/// In Explicit VR a VR with a short length takes at most 65535.
void append_header(Bytes& out, std::uint32_t tag, std::string_view vr, std::uint32_t length, Encoding);
/// Items have no VR in any encoding (PS3.5 7.5).
void append_item_header(Bytes& out, std::uint32_t length, Encoding);

}  // namespace portcullis::image
