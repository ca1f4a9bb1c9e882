#pragma once
// For a receiver that takes only uncompressed objects: an object in a transfer syntax that it does not take
// becomes the same in one that it takes. Of an object that is verified whole, since decoders are not to see
// anything else.

#include <memory>

#include "gateway/image/recode.hpp"

namespace portcullis::image {

/// Whether there is a transcoder. `to` is one of uncompressed_syntaxes().
bool can_transcode(const Uid& from, const Uid& to);

/// Decompresses and inflates; native pixels pass. Elements and values stay, but for those that say how the
/// pixels and the data set are encoded: Photometric Interpretation, Planar Configuration (0), offset tables
/// and group lengths. Memory: as of make_decompressor(). can_transcode() is true. Errors, each with a detail:
/// malformed (frames that are none, not those of the attributes, or not to be told apart), context_differs
/// (attributes of no image, or of one that is too large), wrong_encapsulation (compressed pixels in a
/// sequence), grows_too_much.
std::unique_ptr<Recoder> make_transcoder(const Uid& from, const Uid& to);

}  // namespace portcullis::image
