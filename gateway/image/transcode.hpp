#pragma once
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/encoding.hpp"

namespace portcullis::image {

/// The value of a sequence in another encoding, by DCMTK and its dictionary. `undefined`: the sequence is of
/// undefined length, and its delimitation part of the value. The value is the same where the encodings are.
/// Errors: malformed.
Result<Bytes> transcode_items(ByteView items, bool undefined, Encoding from, Encoding to);

}  // namespace portcullis::image
