#include "gateway/media/preview.hpp"

#include "codec/envelope.hpp"
#include "codec/key_wrap.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/keys/kek.hpp"
#include "gateway/keys/signing_key.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"

namespace portcullis::media {

namespace {

class PassingKeys final : public codec::SealingKeys, public codec::OpeningKeys {
  public:
    codec::Result<std::vector<codec::Stanza>> wrap(const codec::Dek& dek,
                                                   const codec::EnvelopeId&) const override {
        auto wrapped = codec::wrap_key(kek_.key.view(), dek.view());
        if (!wrapped) return codec::Failure::key_unavailable;
        return std::vector<codec::Stanza>{codec::KekStanza{kek_.id, std::move(*wrapped)}};
    }
    codec::Result<codec::Signature> sign(const codec::Digest& digest) const override {
        const auto signature = signing_.sign(digest);
        if (!signature) return codec::Failure::key_unavailable;
        return *signature;
    }
    codec::PublicKey signer() const override { return signing_.public_key(); }

    codec::Result<codec::Dek> unwrap(const codec::Stanza& stanza, const codec::EnvelopeId&) const override {
        codec::Dek dek;
        const auto& wrapped = std::get<codec::KekStanza>(stanza).wrapped;
        if (!codec::unwrap_key(kek_.key.view(), wrapped, dek.fill())) return codec::Failure::no_key;
        return dek;
    }
    codec::Result<codec::Secret<32>> study_secret(const codec::StudySecretId&) const override {
        return codec::Failure::no_study_secret;
    }
    bool trusts(const codec::PublicKey& signer) const override { return signer == signing_.public_key(); }

  private:
    const keys::Kek kek_ = keys::make_kek();
    const keys::SigningKey signing_ = keys::SigningKey::make();
};

}  // namespace

Preview preview(Source& source, const Looked& looked, const Means* means) {
    const PassingKeys keys;
    const auto& codecs = codec::Catalogue::built_in();
    const codec::ObjectIdentity identity{{}, looked.sop_class, looked.sop_instance};
    image::SealParameters parameters{looked.transfer_syntax, identity, {}, codecs.find("none")};
    if (means) {
        parameters.mark = means->mark;
        parameters.rules = means->regions;
    }
    const auto sealer = image::make_sealer(parameters, keys);
    NullSink nowhere;
    const auto sealed = pass_through(*sealer, source, looked.head, nowhere);
    if (sealed.nothing_to_seal) return {};
    const auto opened = codec::ObjectOpener::begin(sealed.envelope, keys, codecs, identity);
    if (!opened) throw Refused("its envelope does not open: " + std::string(codec::name(opened.failure())));
    return {(*opened)->regions(), (*opened)->description().changes};
}

}  // namespace portcullis::media
