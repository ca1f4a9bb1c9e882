#include "gateway/probe/sealed.hpp"

#include "gateway/base/nowhere.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/seal.hpp"

namespace portcullis::probe {

namespace {

class Gathering final : public ByteSink {
  public:
    void write(ByteView bytes) override { append(gathered, bytes); }
    Bytes gathered;
};

codec::ObjectIdentity identity_of(const scu::Object& object, const Means& means) {
    return {means.settings.tenant, object.sop_class.str(), object.sop_instance.str()};
}

bool holds(const scu::Object& returned, const image::TransferSyntax& syntax, const Bytes& envelope) {
    const auto reader = image::make_reader(syntax);
    Nowhere nowhere;
    if (!reader->push(returned.data_set, nowhere) || !reader->finish()) return false;
    return reader->envelope() && *reader->envelope() == envelope;
}

std::string reason(ErrorCode error, const std::string& detail) {
    return error.message() + (detail.empty() ? "" : ": " + detail);
}

}  // namespace

Result<SealedObject> seal(const scu::Object& original, const Means& means) {
    const auto syntax = image::carried_transfer_syntax(original.transfer_syntax);
    const auto& settings = means.settings;
    const auto sealer = image::make_sealer({.transfer_syntax = *syntax,
                                            .identity = identity_of(original, means),
                                            .origin = {settings.gateway_id, settings.ae_title.str(), 0},
                                            .codec = means.codecs.sealing,
                                            .mark = settings.mark,
                                            .rules = settings.regions},
                                           means.sealing_keys);
    Gathering out;
    if (auto pushed = sealer->push(original.data_set, out); !pushed) return pushed.error();
    auto sealed = sealer->finish(out);
    if (!sealed) return sealed.error();
    return SealedObject{
        {original.sop_class, original.sop_instance, original.transfer_syntax, std::move(out.gathered)},
        std::move(sealed->envelope)};
}

Opening open(const scu::Object& original, const SealedObject& sealed, const scu::Object& returned,
             const Means& means) {
    Opening opening;
    const auto syntax = image::carried_transfer_syntax(returned.transfer_syntax);
    if (!syntax) {
        opening.failure = "it came back in " + returned.transfer_syntax.str();
        return opening;
    }
    opening.own_envelope = holds(returned, *syntax, sealed.envelope);
    if (returned.sop_instance != original.sop_instance) {
        opening.failure = "it came back under another SOP Instance UID";
        return opening;
    }
    const auto opener = image::make_opener(
        {*syntax, identity_of(returned, means), {sealed.envelope}, means.codecs.allowed}, means.opening_keys);
    Gathering out;
    const auto pushed = opener->push(returned.data_set, out);
    auto opened = pushed ? opener->finish(out) : Result<image::Opened>(pushed.error());
    if (!opened) {
        opening.failure = reason(opened.error(), opener->failure_detail());
        return opening;
    }
    opening.differing = std::move(opened->differing);
    opening.missing = std::move(opened->missing);
    opening.edited = std::move(opened->edited);
    auto observed = observe(original, {returned.sop_class, returned.sop_instance, opener->written_in().uid,
                                       std::move(out.gathered)});
    if (observed)
        opening.observed = std::move(*observed);
    else
        opening.failure = "what was opened cannot be read: " + observed.error().message();
    return opening;
}

}  // namespace portcullis::probe
