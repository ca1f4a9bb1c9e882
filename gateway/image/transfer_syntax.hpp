#pragma once
// What the gateway has to know of a transfer syntax (PS3.5 annex A): how elements are written and whether
// pixel data comes in fragments.

#include <optional>

#include "gateway/base/names.hpp"
#include "gateway/image/encoding.hpp"

namespace portcullis::image {

struct TransferSyntax {
    Uid uid;
    Encoding encoding;
    bool encapsulated = false;
};

/// Implicit and Explicit VR Little Endian, Explicit VR Big Endian and every encapsulated transfer syntax
/// (known ones by table; an unknown UID is taken for an encapsulated one, as PS3.5 10 demands of new ones:
/// Explicit VR Little Endian). Nothing for those that this version cannot carry: deflated, and those without
/// pixel data of their own (JPIP, SMPTE).
std::optional<TransferSyntax> carried_transfer_syntax(const Uid& uid);

}  // namespace portcullis::image
