#pragma once
// What the sealing and opening of objects needs of whoever holds the long-lived keys. The keys stay with the
// holder: a file keyring today, a hardware token tomorrow.

#include <array>
#include <cstdint>
#include <span>
#include <variant>
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

/// Which of a study's secrets an envelope of mode `key+registry` needs; random, 16 bytes.
using StudySecretId = std::array<std::uint8_t, 16>;

/// S of FORMAT.md: 32 random bytes that all objects of a study need besides their own key. Whoever deletes it
/// makes the study unreadable for ever.
struct StudySecret {
    StudySecretId id;
    Secret<32> secret;
};

/// A DEK wrapped under a KEK with AES-256-KWP (RFC 5649): 40 bytes.
struct KekStanza {
    KeyId kek;
    std::vector<std::uint8_t> wrapped;
};

/// A DEK encrypted to a recovery certificate with RSA-OAEP: as many bytes as the modulus has.
struct RecoveryStanza {
    Digest certificate;  // SHA-256 of its SubjectPublicKeyInfo, DER
    std::vector<std::uint8_t> wrapped;
};

/// One way to the DEK of an object. All stanzas of an envelope wrap the same one.
using Stanza = std::variant<KekStanza, RecoveryStanza>;

class SealingKeys {
  public:
    virtual ~SealingKeys() = default;
    /// One stanza for each holder that shall be able to open the object, 1 to 8: the current KEK first, then
    /// recovery certificates. Errors: Failure::key_unavailable. Called from several threads.
    virtual Result<std::vector<Stanza>> wrap(const Dek&, const EnvelopeId&) const = 0;
    /// Ed25519 over the 32 bytes of the digest, by the gateway's signing key.
    virtual Result<Signature> sign(const Digest&) const = 0;
    /// The public half, which names the signer in the envelope.
    virtual PublicKey signer() const = 0;
};

class OpeningKeys {
  public:
    virtual ~OpeningKeys() = default;
    /// Errors: Failure::no_key (we do not have this key, or it does not unwrap).
    virtual Result<Dek> unwrap(const Stanza&, const EnvelopeId&) const = 0;
    /// Errors: Failure::no_study_secret (unknown here, or deleted).
    virtual Result<Secret<32>> study_secret(const StudySecretId&) const = 0;
    /// Whether this signer is one of the gateways that we trust.
    virtual bool trusts(const PublicKey& signer) const = 0;
};

}  // namespace portcullis::codec
