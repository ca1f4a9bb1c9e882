#pragma once
// A holder of real keys in memory: AES-256-KWP (RFC 5649) and Ed25519 by OpenSSL, as a keyring would.

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>

#include "codec/key_wrap.hpp"
#include "codec/keyholder.hpp"
#include "codec/openssl.hpp"

namespace portcullis::test {

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

    codec::Result<std::vector<codec::Stanza>> wrap(const codec::Dek& dek,
                                                   const codec::EnvelopeId&) const override {
        if (!usable) return codec::Failure::key_unavailable;
        last_dek.emplace(dek.view());
        return std::vector<codec::Stanza>{
            codec::KekStanza{kek_id_, codec::wrap_key(kek_, dek.view()).value()}};
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

    codec::Result<codec::Dek> unwrap(const codec::Stanza& stanza, const codec::EnvelopeId&) const override {
        const auto* key = std::get_if<codec::KekStanza>(&stanza);
        if (!key || key->kek != kek_id_) return codec::Failure::no_key;
        if (impostor) return codec::Dek(std::span<const std::uint8_t, 32>(*impostor));
        codec::Dek dek;
        if (!codec::unwrap_key(kek_, key->wrapped, dek.fill())) return codec::Failure::no_key;
        return dek;
    }
    codec::Result<codec::Secret<32>> study_secret(const codec::StudySecretId& id) const override {
        if (!study || study->id != id) return codec::Failure::no_study_secret;
        return codec::Secret<32>(study->secret.view());
    }
    bool trusts(const codec::PublicKey& signer) const override { return trusting && signer == public_; }

    bool usable = true;
    bool trusting = true;
    std::optional<std::array<std::uint8_t, 32>> impostor;  // a DEK that unwraps in place of the right one
    std::optional<codec::StudySecret> study;
    mutable std::optional<codec::Dek> last_dek;

  private:
    codec::KeyId kek_id_;
    std::array<std::uint8_t, 32> kek_;
    codec::PublicKey public_;
    std::unique_ptr<EVP_PKEY, codec::OpensslDeleter<EVP_PKEY_free>> signing_;
};

}  // namespace portcullis::test
