#include "gateway/image/regions.hpp"

#include <algorithm>
#include <array>

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

constexpr std::array bulk_tags = {
    tag::encapsulated_document,
    tag::waveform_data,
    tag::spectroscopy_data,
};

/// Overlays, curves and audio have groups of their own, repeated (PS3.5 7.6).
bool is_repeating_bulk(std::uint32_t tag) {
    const std::uint32_t group = tag >> 16;
    const std::uint32_t repeating = tag & 0xFF00FFFF;
    if (group % 2 != 0) return false;
    return repeating == tag::overlay_data || repeating == tag::curve_data || repeating == tag::audio_data;
}

bool is_bulk(std::uint32_t tag) {
    return is_repeating_bulk(tag) || std::find(bulk_tags.begin(), bulk_tags.end(), tag) != bulk_tags.end();
}

/// (gggg,0010-00FF) of an odd group name who owns its blocks (PS3.5 7.8.1).
bool is_private_bulk(const Element& element) {
    const bool owned = (element.tag >> 16) % 2 != 0 && (element.tag & 0xFFFF) > 0xFF;
    return owned && element.length >= shortest_private_region && has_bulk_vr(element);
}

}  // namespace

bool has_bulk_vr(const Element& element) {
    static constexpr std::array<std::string_view, 8> vrs = {"", "OB", "OW", "OF", "OD", "OL", "OV", "UN"};
    return std::find(vrs.begin(), vrs.end(), element.vr_text()) != vrs.end();
}

bool is_pixel_data(std::uint32_t tag) {
    return tag == tag::pixel_data || tag == tag::float_pixel_data || tag == tag::double_float_pixel_data;
}

std::optional<codec::RegionKind> region_kind(const Element& element) {
    using enum codec::RegionKind;
    if (element.form == Form::sequence) return std::nullopt;
    if (element.form == Form::fragments) return fragment;
    if (is_pixel_data(element.tag)) return native;
    if (is_bulk(element.tag) || is_private_bulk(element)) return value;
    return std::nullopt;
}

std::size_t region_word_size(const Element& element) {
    const auto vr = element.vr_text();
    return element.encoding.big_endian && vr.starts_with('O') ? word_size(vr) : 1;
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
