#include "gateway/media/treat.hpp"

#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"

namespace portcullis::media {

std::string_view name(State state) {
    switch (state) {
        case State::sealed:
            return "sealed";
        case State::already_sealed:
            return "already sealed";
        case State::nothing_to_seal:
            return "nothing to seal";
        case State::opened:
            return "opened";
        case State::not_sealed:
            return "not sealed";
        case State::directory:
            return "directory";
        case State::done:
            return "done before";
        case State::refused:
            return "refused";
    }
    return "unnamed";
}

bool is_there(const Job& job) {
    return job.place() == Place::elsewhere &&
           std::filesystem::exists(std::filesystem::symlink_status(job.destination));
}

void refuse_other(const Job& job) {
    throw Refused(job.destination.string() +
                  " is there and is not what an earlier run made of it; remove it or choose another output");
}

void leave(Source& source, const Job& job, State state, Committer& committer, Tell tell) {
    Outcome outcome{job.source, state, {}, source.size()};
    if (job.place() == Place::in_place) return tell(std::move(outcome));
    if (is_there(job)) {
        Source there(job.destination);
        Comparer comparer(there);
        copy(source, comparer);
        if (!comparer.equal()) refuse_other(job);
        outcome.state = State::done;
        return tell(std::move(outcome));
    }
    auto file = std::make_unique<NewFile>(job.destination, job.place(), source.status());
    copy(source, *file);
    deliver(std::move(file), source, std::move(outcome), committer, std::move(tell));
}

void deliver(std::unique_ptr<NewFile> file, const Source& source, Outcome outcome, Committer& committer,
             Tell tell) {
    file->complete();
    source.require_unchanged();
    committer.add(std::move(file), [outcome = std::move(outcome), tell = std::move(tell)](auto failure) {
        if (failure) return tell({outcome.path, State::refused, *std::move(failure)});
        tell(outcome);
    });
}

}  // namespace portcullis::media
