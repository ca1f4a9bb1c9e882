#include "gateway/media/preview.hpp"

#include "codec/envelope.hpp"
#include "gateway/base/nowhere.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/keys/passing_keys.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"

namespace portcullis::media {

Preview preview(Source& source, const Looked& looked, const Means* means) {
    const keys::PassingKeys passing;
    const auto& codecs = codec::Catalogue::built_in();
    const codec::ObjectIdentity identity{{}, looked.sop_class, looked.sop_instance};
    image::SealParameters parameters{looked.transfer_syntax, identity, {}, codecs.find("none")};
    if (means) {
        parameters.mark = means->mark;
        parameters.rules = means->regions;
    }
    const auto sealer = image::make_sealer(parameters, passing);
    Nowhere nowhere;
    const auto sealed = pass_through(*sealer, source, looked.head, nowhere);
    if (sealed.nothing_to_seal) return {};
    const auto opened = codec::ObjectOpener::begin(sealed.envelope, passing, codecs, identity);
    if (!opened) throw Refused("its envelope does not open: " + std::string(codec::name(opened.failure())));
    return {(*opened)->regions(), (*opened)->description().changes};
}

}  // namespace portcullis::media
