#include "gateway/image/frame.hpp"

namespace portcullis::image {

namespace {

constexpr std::uint64_t longest_value = 0xFFFFFFFE;  // bytes (PS3.5 7.1.1)

}  // namespace

std::optional<FrameShape> FrameShape::of(const codec::BoundContext& bound) {
    const FrameShape shape{bound.rows.value_or(0), bound.columns.value_or(0),
                           bound.samples_per_pixel.value_or(0), bound.bits_allocated.value_or(0),
                           bound.pixel_representation == 1};
    const bool whole_bytes = shape.bits_allocated % 8 == 0 && shape.bits_allocated <= 32;
    if (!whole_bytes || shape.size() == 0) return std::nullopt;
    return shape;
}

std::optional<Frames> Frames::of(const codec::BoundContext& bound) {
    const auto shape = FrameShape::of(bound);
    const auto count = bound.number_of_frames.value_or(1);
    if (!shape || count < 1) return std::nullopt;
    if (static_cast<std::uint64_t>(count) > longest_value / shape->size()) return std::nullopt;
    return Frames{*shape, static_cast<std::uint32_t>(count)};
}

}  // namespace portcullis::image
