#include "gateway/keys/passing_keys.hpp"

#include "codec/key_wrap.hpp"

namespace portcullis::keys {

codec::Result<std::vector<codec::Stanza>> PassingKeys::wrap(const codec::Dek& dek,
                                                            const codec::EnvelopeId&) const {
    auto wrapped = codec::wrap_key(kek_.key.view(), dek.view());
    if (!wrapped) return codec::Failure::key_unavailable;
    return std::vector<codec::Stanza>{codec::KekStanza{kek_.id, std::move(*wrapped)}};
}

codec::Result<codec::Signature> PassingKeys::sign(const codec::Digest& digest) const {
    const auto signature = signing_.sign(digest);
    if (!signature) return codec::Failure::key_unavailable;
    return *signature;
}

codec::Result<codec::Dek> PassingKeys::unwrap(const codec::Stanza& stanza, const codec::EnvelopeId&) const {
    const auto* own = std::get_if<codec::KekStanza>(&stanza);
    codec::Dek dek;
    if (!own || !codec::unwrap_key(kek_.key.view(), own->wrapped, dek.fill())) return codec::Failure::no_key;
    return dek;
}

}  // namespace portcullis::keys
