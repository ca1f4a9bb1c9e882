#pragma once
// ChaCha20-Poly1305 (RFC 8439) as OpenSSL has it: what the bench measures beside AES-256-GCM.

#include <cstdint>
#include <memory>
#include <span>

namespace portcullis::assurance {

class Peer {
  public:
    virtual ~Peer() = default;
    /// Encrypts in place and computes the tag, as codec::AeadSealer does.
    virtual void seal(std::uint64_t nonce, std::span<std::uint8_t> text) = 0;
};

std::unique_ptr<Peer> make_chacha20_poly1305(std::span<const std::uint8_t, 32> key);

}  // namespace portcullis::assurance
