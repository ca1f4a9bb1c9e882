#pragma once
// One frame of native pixels: how many bytes it has, and in which order.

#include <cstdint>
#include <optional>

#include "codec/object.hpp"

namespace portcullis::image {

/// PS3.5 8.1: rows x columns pixels of `samples` samples, each in whole bytes.
struct FrameShape {
    std::uint16_t rows, columns, samples;
    std::uint16_t bits_allocated;  // 8, 16, 24 or 32
    bool is_signed;

    /// Nothing if an attribute is missing or zero, or a sample is not in whole bytes.
    static std::optional<FrameShape> of(const codec::BoundContext&);

    std::size_t sample_size() const { return bits_allocated / 8u; }
    std::uint64_t pixels() const { return std::uint64_t{rows} * columns; }
    /// Bytes.
    std::uint64_t size() const { return pixels() * samples * sample_size(); }
};

/// Frames and their shape; absent is one frame (PS3.3 C.7.6.6).
struct Frames {
    FrameShape shape;
    std::uint32_t count;

    /// Nothing also if they are more than a native value can hold.
    static std::optional<Frames> of(const codec::BoundContext&);

    std::uint64_t size() const { return shape.size() * count; }
};

}  // namespace portcullis::image
