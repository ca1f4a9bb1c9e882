#pragma once
#include <cstdint>
#include <span>

namespace portcullis::codec {

/// HKDF-SHA256 (RFC 5869), extract and expand in one call; fills `out` (at most 8160 bytes).
void hkdf_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> salt,
                 std::span<const std::uint8_t> info, std::span<std::uint8_t> out);

}  // namespace portcullis::codec
