#pragma once
// A holder of real keys in memory: AES-256-KWP (RFC 5649) and Ed25519 by OpenSSL, as a keyring would.

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>

#include "codec/keyholder.hpp"
#include "codec/openssl.hpp"

namespace portcullis::test {

/// AES-256-KWP, one way or the other. The length of the result, 0 if it does not unwrap.
inline std::size_t key_wrap(bool wrapping, std::span<const std::uint8_t, 32> kek,
                            std::span<const std::uint8_t> in, std::span<std::uint8_t, 48> out) {
    const codec::CipherContext context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    codec::require(
        EVP_CipherInit_ex(context.get(), EVP_aes_256_wrap_pad(), nullptr, kek.data(), nullptr, wrapping) == 1,
        "KWP");
    int size = 0;
    const int unwrapped =
        EVP_CipherUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size()));
    return unwrapped == 1 ? static_cast<std::size_t>(size) : 0;
}

inline codec::Result<codec::Dek> unwrap_with(std::span<const std::uint8_t, 32> kek,
                                             std::span<const std::uint8_t> wrapped) {
    std::array<std::uint8_t, 48> plain{};
    if (key_wrap(false, kek, wrapped, plain) != 32) return codec::Failure::no_key;
    return codec::Dek(std::span(plain).first<32>());
}

class TestKeys : public codec::SealingKeys, public codec::OpeningKeys {
  public:
    explicit TestKeys(std::uint8_t seed = 1) {
        kek_id_.fill(seed);
        kek_.fill(static_cast<std::uint8_t>(seed + 100));
        std::array<std::uint8_t, 32> private_key;
        private_key.fill(static_cast<std::uint8_t>(seed + 200));
        signing_.reset(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, private_key.data(), private_key.size()));
        std::size_t size = public_.size();
        codec::require(EVP_PKEY_get_raw_public_key(signing_.get(), public_.data(), &size) == 1, "public key");
    }

    codec::Result<codec::WrappedKey> wrap(const codec::Dek& dek) const override {
        if (!usable) return codec::Failure::key_unavailable;
        std::array<std::uint8_t, 48> wrapped{};
        const auto view = dek.view();
        const std::size_t size = key_wrap(true, kek_, view, wrapped);
        last_dek.emplace(view);
        return codec::WrappedKey{kek_id_, {wrapped.begin(), wrapped.begin() + static_cast<long>(size)}};
    }
    codec::Result<codec::Signature> sign(const codec::Digest& digest) const override {
        if (!usable) return codec::Failure::key_unavailable;
        const std::unique_ptr<EVP_MD_CTX, codec::OpensslDeleter<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
        codec::Signature signature;
        std::size_t size = signature.size();
        codec::require(
            EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, signing_.get()) == 1 &&
                EVP_DigestSign(context.get(), signature.data(), &size, digest.data(), digest.size()) == 1,
            "sign");
        return signature;
    }
    codec::PublicKey signer() const override { return public_; }

    codec::Result<codec::Dek> unwrap(const codec::WrappedKey& key) const override {
        if (key.kek != kek_id_) return codec::Failure::no_key;
        if (impostor) return codec::Dek(std::span<const std::uint8_t, 32>(*impostor));
        return unwrap_with(kek_, key.wrapped);
    }
    bool trusts(const codec::PublicKey& signer) const override { return trusting && signer == public_; }

    bool usable = true;
    bool trusting = true;
    std::optional<std::array<std::uint8_t, 32>> impostor;  // a DEK that unwraps in place of the right one
    mutable std::optional<codec::Dek> last_dek;

  private:
    codec::KeyId kek_id_;
    std::array<std::uint8_t, 32> kek_;
    codec::PublicKey public_;
    std::unique_ptr<EVP_PKEY, codec::OpensslDeleter<EVP_PKEY_free>> signing_;
};

}  // namespace portcullis::test
