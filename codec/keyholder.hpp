#pragma once
// What the sealing and opening of objects needs of whoever holds the long-lived keys. The keys stay with the
// holder: a file keyring today, a hardware token tomorrow.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/result.hpp"
#include "codec/secret.hpp"

namespace portcullis::codec {

using KeyId = std::array<std::uint8_t, 16>;       // random, names a KEK
using EnvelopeId = std::array<std::uint8_t, 16>;  // random, names one sealing
using Dek = Secret<32>;
using Digest = std::array<std::uint8_t, 32>;     // SHA-256
using Signature = std::array<std::uint8_t, 64>;  // Ed25519
using PublicKey = std::array<std::uint8_t, 32>;  // Ed25519

/// A DEK wrapped under a KEK with AES-256-KWP (RFC 5649): 40 bytes for a DEK of 32.
struct WrappedKey {
    KeyId kek;
    std::vector<std::uint8_t> wrapped;
};

class SealingKeys {
  public:
    virtual ~SealingKeys() = default;
    /// Under the current KEK. Errors: Failure::key_unavailable. Called from several threads.
    virtual Result<WrappedKey> wrap(const Dek&) const = 0;
    /// Ed25519 over the 32 bytes of the digest, by the gateway's signing key.
    virtual Result<Signature> sign(const Digest&) const = 0;
    /// The public half, which names the signer in the envelope.
    virtual PublicKey signer() const = 0;
};

class OpeningKeys {
  public:
    virtual ~OpeningKeys() = default;
    /// Errors: Failure::no_key (we do not have this KEK, or it does not unwrap).
    virtual Result<Dek> unwrap(const WrappedKey&) const = 0;
    /// Whether this signer is one of the gateways that we trust.
    virtual bool trusts(const PublicKey& signer) const = 0;
};

}  // namespace portcullis::codec
