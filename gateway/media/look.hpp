#pragma once
// The first pass over a data set: who the object is, and the envelope, which stands behind the pixels.

#include <optional>
#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/media/part10.hpp"
#include "gateway/media/source.hpp"

namespace portcullis::media {

/// What the first pass tells.
struct Looked {
    FileHead head;
    image::TransferSyntax transfer_syntax;
    std::string sop_class, sop_instance;  // unpadded, empty if absent
    image::Identifiers identifiers;
    std::optional<Bytes> envelope;  // of the outermost block of ours; empty if it holds none that can be
};

/// A deflated data set is inflated. Throws Refused: a transfer syntax that is not carried, or no data set in
/// it.
Looked look_through(Source&, FileHead);

}  // namespace portcullis::media
