#pragma once
// What reading and writing the envelope have in common.

#include <array>

#include "codec/object.hpp"

namespace portcullis::codec {

inline constexpr std::array<std::uint8_t, 8> magic = {'P', 'O', 'R', 'T', 'C', 'U', 'L', 'L'};
inline constexpr std::size_t body_prefix_size = 8 + 2 + 4;  // magic, version, length

enum class StanzaType : std::uint16_t { kek = 1, recovery = 2 };

/// In the order of their bits and of their values in the body.
inline constexpr std::array bound_numbers = {&BoundContext::rows,
                                             &BoundContext::columns,
                                             &BoundContext::samples_per_pixel,
                                             &BoundContext::bits_allocated,
                                             &BoundContext::bits_stored,
                                             &BoundContext::high_bit,
                                             &BoundContext::pixel_representation};
inline constexpr std::uint16_t has_photometric_interpretation = 1u << 7;
inline constexpr std::uint16_t has_number_of_frames = 1u << 8;
inline constexpr std::uint16_t bound_bits = (1u << 9) - 1;

}  // namespace portcullis::codec
