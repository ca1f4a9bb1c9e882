#pragma once
// What the envelopes say about the pixels of the top level before an object is opened by one of them.

#include "gateway/image/open.hpp"
#include "gateway/image/recode.hpp"

namespace portcullis::image {

struct SealedPixels {
    std::vector<NativePixels> native;  // of those that were sealed native, in frames of a known size
    bool encapsulated = false;         // one was sealed so
    bool colour = false;               // one has more than one sample a pixel
};

/// Of the envelopes that these keys open.
SealedPixels sealed_pixels(const OpenParameters&, const codec::OpeningKeys&);

/// Whether one says of itself that it has more than one sample a pixel. Without a key: a hint.
bool may_have_colour(const std::vector<Bytes>& envelopes);

}  // namespace portcullis::image
