#pragma once
// Ed25519 keys (RFC 8032) and their PEM files (RFC 8410).

#include <memory>
#include <optional>

#include "codec/keyholder.hpp"
#include "codec/openssl.hpp"
#include "gateway/keys/private_folder.hpp"

namespace portcullis::keys {

class SigningKey {
  public:
    /// A new one. Throws std::runtime_error if OpenSSL cannot.
    static SigningKey make();
    /// Nothing if this is not the PEM of an Ed25519 private key. Throws as make() does.
    static std::optional<SigningKey> parse(const SecretText& pem);

    SecretText private_pem() const;
    SecretText public_pem() const;
    codec::PublicKey public_key() const;
    /// Nothing if OpenSSL cannot. Called from several threads.
    std::optional<codec::Signature> sign(std::span<const std::uint8_t> message) const;

  private:
    using Handle = std::unique_ptr<EVP_PKEY, codec::OpensslDeleter<EVP_PKEY_free>>;
    using Context = std::unique_ptr<EVP_MD_CTX, codec::OpensslDeleter<EVP_MD_CTX_free>>;
    explicit SigningKey(Handle handle);
    Handle handle_;
    Context ready_;  // to sign; each signature is made by a copy
};

/// Nothing if this is not the PEM of an Ed25519 public key.
std::optional<codec::PublicKey> parse_public_key(const SecretText& pem);

}  // namespace portcullis::keys
