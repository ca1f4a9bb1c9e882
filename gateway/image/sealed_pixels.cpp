#include "gateway/image/sealed_pixels.hpp"

#include <algorithm>
#include <stdexcept>

#include "codec/envelope.hpp"
#include "gateway/image/frame.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

bool has_colour(const codec::BoundContext& bound) {
    return bound.samples_per_pixel.value_or(1) > 1;
}

void note(const codec::ObjectOpener& object, SealedPixels& pixels) {
    const auto& regions = object.regions();
    const auto found = std::find_if(regions.begin(), regions.end(), [](const codec::Region& region) {
        return region.path->within.empty() && region.path->tag == tag::pixel_data;
    });
    if (found == regions.end()) return;
    const auto& bound = object.description().bound;
    pixels.colour |= has_colour(bound);
    // An empty value without fragments may stand in an encapsulated transfer syntax, too.
    if (!bound.encapsulated_transfer_syntax.empty())
        pixels.encapsulated = true;
    else if (const auto frames = Frames::of(bound))
        pixels.native.push_back({frames->shape.size(), found->length});
}

}  // namespace

SealedPixels sealed_pixels(const OpenParameters& parameters, const codec::OpeningKeys& keys) {
    SealedPixels pixels;
    const auto& envelopes = parameters.envelopes;
    const std::size_t count = std::min(envelopes.size(), most_candidates);
    for (std::size_t i = 0; i < count; ++i) {
        try {
            const auto object =
                codec::ObjectOpener::begin(envelopes[i], keys, parameters.allowed, parameters.identity);
            if (object) note(**object, pixels);
        } catch (const std::runtime_error&) {  // of a loaded codec (codec/codec.hpp): the opener will say so
        }
    }
    return pixels;
}

bool may_have_colour(const std::vector<Bytes>& envelopes) {
    const std::size_t count = std::min(envelopes.size(), most_candidates);
    return std::any_of(envelopes.begin(), envelopes.begin() + static_cast<std::ptrdiff_t>(count),
                       [](const Bytes& envelope) {
                           const auto parsed = codec::parse_envelope(envelope);
                           return parsed && has_colour(parsed->head.bound);
                       });
}

}  // namespace portcullis::image
