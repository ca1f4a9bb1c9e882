#include "gateway/image/pixels.hpp"

#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// Bits of all frames; nothing if it cannot be said.
std::optional<std::uint64_t> pixel_bits(const codec::BoundContext& bound) {
    const std::int64_t frames = bound.number_of_frames.value_or(1);
    if (frames < 0) return std::nullopt;
    // Four 16-bit numbers do not overflow; the frames can.
    const std::uint64_t frame = std::uint64_t{bound.rows.value_or(0)} * bound.columns.value_or(0) *
                                bound.samples_per_pixel.value_or(1) * bound.bits_allocated.value_or(0);
    std::uint64_t bits = 0;
    if (__builtin_mul_overflow(frame, static_cast<std::uint64_t>(frames), &bits)) return std::nullopt;
    return bits;
}

}  // namespace

bool is_pixel_data(std::uint32_t tag) {
    return tag == tag::pixel_data || tag == tag::float_pixel_data || tag == tag::double_float_pixel_data;
}

bool is_encoded_as(const Element& element, const TransferSyntax& syntax) {
    switch (element.form) {
        case Form::plain:
            return element.tag != tag::pixel_data || !syntax.encapsulated || element.length == 0;
        case Form::fragments:
            return element.tag == tag::pixel_data && syntax.encapsulated;
        case Form::sequence:
            break;
    }
    return false;
}

std::uint64_t pixel_bytes(const codec::BoundContext& bound, std::uint32_t length) {
    const auto bits = pixel_bits(bound);
    if (!bits) return length;
    const std::uint64_t bytes = *bits / 8 + (*bits % 8 != 0);
    const bool padded = bytes % 2 != 0 && length == bytes + 1;
    return padded ? bytes : length;
}

}  // namespace portcullis::image
