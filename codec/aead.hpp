#pragma once
// AES-256-GCM (NIST SP 800-38D) with a 12-byte nonce that is a number, big-endian, and a 16-byte tag. The key
// is scheduled once per object. An Aead seals or opens, never both, and is not shared between threads. The
// caller never seals twice under one number.

#include <array>
#include <cstdint>
#include <span>

#include "codec/openssl.hpp"

namespace portcullis::codec {

using Tag = std::array<std::uint8_t, 16>;

class AeadSealer {
  public:
    explicit AeadSealer(std::span<const std::uint8_t, 32> key);
    /// Encrypts in place (less than 2 GiB).
    Tag seal(std::uint64_t nonce, std::span<const std::uint8_t> aad, std::span<std::uint8_t> text);

  private:
    CipherContext context_;
};

class AeadOpener {
  public:
    explicit AeadOpener(std::span<const std::uint8_t, 32> key);
    /// Decrypts in place. False if the tag does not verify; `text` is wiped then.
    [[nodiscard]] bool open(std::uint64_t nonce, std::span<const std::uint8_t> aad,
                            std::span<std::uint8_t> text, const Tag&);

  private:
    CipherContext context_;
};

}  // namespace portcullis::codec
