#pragma once
// AES key wrap with padding (RFC 5649, "KWP").

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace portcullis::codec {

/// `kek` has 16, 24 or 32 bytes; the result is 8 bytes longer than `key`, rounded up to 8. Nothing if OpenSSL
/// cannot.
std::optional<std::vector<std::uint8_t>> wrap_key(std::span<const std::uint8_t> kek,
                                                  std::span<const std::uint8_t> key);
/// Writes to `key`, which is left wiped unless `wrapped` is, under this KEK, a key of exactly its length.
[[nodiscard]] bool unwrap_key(std::span<const std::uint8_t> kek, std::span<const std::uint8_t> wrapped,
                              std::span<std::uint8_t> key);

}  // namespace portcullis::codec
