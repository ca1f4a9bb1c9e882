#pragma once
// The second way to a DEK: RSA-OAEP (RFC 8017 7.1) with SHA-256 and MGF1-SHA-256, label = envelope id, to the
// public key of a recovery certificate whose private half lies in a safe.

#include "codec/keyholder.hpp"
#include "codec/openssl.hpp"

namespace portcullis::codec {

/// SHA-256 of the key's SubjectPublicKeyInfo in DER, by which a recovery stanza names it.
Digest recovery_id(const EVP_PKEY& key);
/// `recipient` is an RSA key of 3072 to 8192 bits, an even number of bytes; the private half is not needed.
/// Errors: key_unavailable (any other key).
Result<RecoveryStanza> wrap_for_recovery(EVP_PKEY& recipient, const Dek&, const EnvelopeId&);
/// Errors: no_key (a stanza for another certificate, or it does not decrypt under this label).
Result<Dek> unwrap_recovery(EVP_PKEY& private_key, const RecoveryStanza&, const EnvelopeId&);

}  // namespace portcullis::codec
