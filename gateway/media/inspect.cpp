#include "gateway/media/inspect.hpp"

#include "gateway/base/nowhere.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"

namespace portcullis::media {

namespace {

EnvelopeFacts read_envelope(const Bytes& bytes) {
    auto envelope = codec::parse_envelope(bytes);
    if (!envelope)
        throw Refused("its PORTCULLIS block holds no envelope that can be read: " +
                      std::string(codec::name(envelope.failure())) + "; restore it from a backup");
    auto regions = codec::decode_regions(*envelope);
    return {std::move(envelope->head), bytes.size(), std::move(regions), envelope->unit_count,
            std::move(envelope->stanzas)};
}

void verify(Source& source, const Looked& looked, const Means& means, Inspection& into) {
    try {
        Nowhere nowhere;
        auto opened = open_through(source, looked, means, nowhere);
        into.differing = std::move(opened.differing);
        into.missing = std::move(opened.missing);
        into.edited = std::move(opened.edited);
        into.verified = true;
    } catch (const Refused& why) {
        into.verified = false;
        into.failure = why.what();
    }
}

/// The changes are in what is sealed of the envelope.
void read_changes(const Looked& looked, const Means& means, Inspection& into) {
    const auto object = codec::ObjectOpener::begin(*looked.envelope, means.opening_keys, means.allowed,
                                                   {means.tenant, looked.sop_class, looked.sop_instance});
    if (object) into.changes = (*object)->description().changes;
}

void foresee(Source& source, const Looked& looked, const Means* means, Inspection& into) {
    try {
        into.preview = preview(source, looked, means);
    } catch (const Refused& why) {
        into.obstacle = why.what();
    }
}

void inspect(const Job& job, const Means* means, Inspection& into) {
    if (!job.problem.empty()) throw Refused(job.problem);
    Source source(job.source);
    into.bytes = source.size();
    auto head = read_head(source.next());
    into.transfer_syntax = head.transfer_syntax;
    if (head.is_directory()) {
        into.state = State::directory;
        return;
    }
    auto looked = look_through(source, std::move(head));
    if (!looked.envelope && means && is_stripped(source, looked, *means))
        choose_envelope(source, looked, *means);
    if (!looked.envelope) {
        into.state = State::not_sealed;
        return foresee(source, looked, means, into);
    }
    into.envelope = read_envelope(*looked.envelope);
    into.state = State::already_sealed;
    if (!means) return;
    read_changes(looked, *means, into);
    verify(source, looked, *means, into);
}

}  // namespace

Inspection inspect_file(const Job& job, const Means* means) {
    Inspection into{job.source};
    try {
        inspect(job, means, into);
    } catch (const std::exception& why) {  // Refused; no memory, OpenSSL's
        into.state = State::refused;
        into.reason = why.what();
    }
    return into;
}

}  // namespace portcullis::media
