#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace portcullis::codec {

/// SHA-256 (FIPS 180-4) over the concatenation of the parts.
std::array<std::uint8_t, 32> sha256(std::initializer_list<std::span<const std::uint8_t>> parts);
/// HMAC-SHA256 (RFC 2104) over the concatenation of the parts.
std::array<std::uint8_t, 32> hmac_sha256(std::span<const std::uint8_t> key,
                                         std::initializer_list<std::span<const std::uint8_t>> parts);

}  // namespace portcullis::codec
