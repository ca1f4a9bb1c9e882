#pragma once
// Keys that live as long as this object and nobody keeps: for sealing to see what it does.

#include "gateway/keys/kek.hpp"
#include "gateway/keys/signing_key.hpp"

namespace portcullis::keys {

class PassingKeys final : public codec::SealingKeys, public codec::OpeningKeys {
  public:
    codec::Result<std::vector<codec::Stanza>> wrap(const codec::Dek&,
                                                   const codec::EnvelopeId&) const override;
    codec::Result<codec::Signature> sign(const codec::Digest&) const override;
    codec::PublicKey signer() const override { return signing_.public_key(); }

    codec::Result<codec::Dek> unwrap(const codec::Stanza&, const codec::EnvelopeId&) const override;
    codec::Result<codec::Secret<32>> study_secret(const codec::StudySecretId&) const override {
        return codec::Failure::no_study_secret;
    }
    bool trusts(const codec::PublicKey& signer) const override { return signer == signing_.public_key(); }

  private:
    const Kek kek_ = make_kek();
    const SigningKey signing_ = SigningKey::make();
};

}  // namespace portcullis::keys
