#pragma once
#include "codec/keyholder.hpp"

namespace portcullis::codec {

/// Ed25519 (RFC 8032, the plain variant) over the 32 bytes of the digest.
[[nodiscard]] bool verifies(const PublicKey&, const Digest&, const Signature&);

}  // namespace portcullis::codec
