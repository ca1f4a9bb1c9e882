#include <chrono>

#include "gateway/base/nowhere.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"
#include "gateway/media/treat.hpp"

namespace portcullis::media {

namespace {

std::uint64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

image::Sealed seal_through(Source& source, const Looked& looked, const Means& means, ByteSink& out) {
    const auto sealer = image::make_sealer({.transfer_syntax = looked.transfer_syntax,
                                            .identity = {means.tenant, looked.sop_class, looked.sop_instance},
                                            .origin = {means.gateway_id, {}, now_ms()},
                                            .codec = &means.codec,
                                            .mark = means.mark,
                                            .rules = means.regions},
                                           means.sealing_keys);
    return pass_through(*sealer, source, looked.head, out);
}

/// Whether an earlier run made the destination of this file.
bool is_result(Source& source, const Looked& looked, const Job& job, const Means& means) {
    Source there(job.destination);
    const auto looked_there = look_through(there, read_head(there.next()));
    if (looked_there.envelope) return opens_to(there, looked_there, means, source);
    Comparer comparer(source);
    copy(there, comparer);
    Nowhere nowhere;
    return comparer.equal() && seal_through(source, looked, means, nowhere).nothing_to_seal;
}

bool is_result_or_refused(Source& source, const Looked& looked, const Job& job, const Means& means) {
    try {
        return is_result(source, looked, job, means);
    } catch (const Refused&) {
        return false;
    }
}

/// Only what is ours is taken for sealed. What another sealed, or what was changed since, is not hidden by
/// a second sealing.
void require_ours(Source& source, const Looked& looked, const Means& means) {
    try {
        require_openable(source, looked, means);
    } catch (const Refused& why) {
        throw Refused(std::string("holds a PORTCULLIS block that does not open: ") + why.what());
    }
}

void seal(const Job& job, const Means& means, Committer& committer, const Tell& tell) {
    if (!job.problem.empty()) throw Refused(job.problem);
    Source source(job.source);
    auto head = read_head(source.next());
    if (head.is_directory()) return leave(source, job, State::directory, committer, tell);
    const auto looked = look_through(source, std::move(head));
    if (!looked.envelope && is_stripped(source, looked, means))
        return leave(source, job, State::already_sealed, committer, tell);
    if (looked.envelope) {
        require_ours(source, looked, means);
        return leave(source, job, State::already_sealed, committer, tell);
    }
    Outcome outcome{job.source, State::done, {}, source.size()};
    if (is_there(job)) {
        if (!is_result_or_refused(source, looked, job, means)) refuse_other(job);
        return tell(std::move(outcome));
    }
    auto file = std::make_unique<NewFile>(job.destination, job.place(), source.status());
    const auto sealed = seal_through(source, looked, means, *file);
    if (sealed.nothing_to_seal) {  // a deflated one was deflated again
        file.reset();
        return leave(source, job, State::nothing_to_seal, committer, tell);
    }
    outcome.state = State::sealed;
    outcome.envelope = sealed.id;
    deliver(std::move(file), source, std::move(outcome), committer, tell);
}

}  // namespace

void seal_file(const Job& job, const Means& means, Committer& committer, Tell tell) {
    telling(job, tell, [&] { seal(job, means, committer, tell); });
}

}  // namespace portcullis::media
