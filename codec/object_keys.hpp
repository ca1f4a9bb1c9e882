#pragma once
// The keys of one object, and what binds its units to it (FORMAT.md, keys and unit AAD).

#include "codec/keyholder.hpp"
#include "codec/object.hpp"

namespace portcullis::codec {

inline constexpr std::uint16_t envelope_version = 1;
enum class Mode : std::uint8_t { key = 1, key_and_registry = 2 };

using Salt = std::array<std::uint8_t, 32>;

struct ObjectKeys {
    Secret<32> aead;
    Secret<32> attributes;
    Secret<32> envelope;
    Digest commitment;  // public
    SecretBytes codec;
};

/// `study_secret` is empty in mode `key`, and S in mode `key+registry`.
ObjectKeys derive_keys(const Dek&, std::span<const std::uint8_t> study_secret, const Salt&, Mode,
                       const Codec&);

Digest unit_aad(Mode, const EnvelopeId&, const Codec&, const ObjectIdentity&);

}  // namespace portcullis::codec
