#pragma once
// Identifiers of C-FIND, C-MOVE and C-GET in the Study Root model (PS3.4 C.6.2), in Implicit VR Little
// Endian, the one that every peer has to know.

#include <map>
#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"

namespace portcullis::scu {

/// Text of top-level elements by tag. In a request an empty one asks for the value.
using Keys = std::map<std::uint32_t, std::string>;

Bytes write_identifier(const Keys&);
/// The plain values, without padding. Errors: image::errc::malformed.
Result<Keys> read_identifier(ByteView identifier);

}  // namespace portcullis::scu
