#include "gateway/media/inspect.hpp"

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
        NullSink nowhere;
        into.differing = open_through(source, looked, means, nowhere).differing;
        into.verified = true;
    } catch (const Refused& why) {
        into.verified = false;
        into.failure = why.what();
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
    const auto looked = look_through(source, std::move(head));
    if (!looked.envelope) {
        into.state = State::not_sealed;
        return;
    }
    into.envelope = read_envelope(*looked.envelope);
    into.state = State::already_sealed;
    if (means) verify(source, looked, *means, into);
}

}  // namespace

Inspection inspect_file(const Job& job, const Means* means) {
    Inspection into{job.source};
    try {
        inspect(job, means, into);
    } catch (const std::exception& why) {  // Refused; no memory, OpenSSL's
        into.reason = why.what();
    }
    return into;
}

}  // namespace portcullis::media
