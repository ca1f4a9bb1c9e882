#pragma once
// The unit cipher of codec "rabbit-siv" (FORMAT.md): Rabbit's keystream under a synthetic IV that Poly1305
// and AES-256 make of the unit itself, so that one changed bit changes every byte of the unit.

#include <cstdint>
#include <memory>
#include <span>

#include "codec/codec.hpp"
#include "codec/rabbit/lanes.hpp"

namespace portcullis::codec {

/// r (16) | block key (32) | stream key (32).
inline constexpr std::size_t rabbit_siv_key_length = 80;

/// Throws std::logic_error if the key has another length.
std::unique_ptr<UnitCipher> make_rabbit_siv(std::span<const std::uint8_t> key,
                                            const rabbit::Implementation& = rabbit::implementation());

}  // namespace portcullis::codec
