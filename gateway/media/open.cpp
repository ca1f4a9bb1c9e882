#include "gateway/image/open.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/base/nowhere.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"
#include "gateway/media/treat.hpp"

namespace portcullis::media {

namespace {

namespace tag = image::tag;
using image::most_candidates;

/// Where and how large what is in the image is. Nobody changes these rightly, as identifiers are changed.
constexpr std::array geometry = {tag::image_position, tag::image_orientation, tag::pixel_spacing,
                                 tag::rescale_intercept, tag::rescale_slope};

std::unique_ptr<image::Opener> make_opener(const Looked& looked, const Means& means) {
    if (looked.envelope->empty())
        throw Refused("its PORTCULLIS block holds no envelope; restore it from a backup");
    return image::make_opener({looked.transfer_syntax,
                               {means.tenant, looked.sop_class, looked.sop_instance},
                               {*looked.envelope},
                               means.allowed},
                              means.opening_keys);
}

void require_geometry(const image::Opened& opened) {
    for (const auto tag : opened.differing)
        if (std::find(geometry.begin(), geometry.end(), tag) != geometry.end())
            throw Refused(tag::name(tag) + " is not the value that was sealed; restore it from a backup");
}

/// Gives the head of a file, which is the first that is written, another transfer syntax.
class Renamed final : public ByteSink {
  public:
    Renamed(const Uid& transfer_syntax, ByteSink& out) : transfer_syntax_(transfer_syntax), out_(out) {}
    void write(ByteView bytes) override {
        if (std::exchange(has_head_, true)) return out_.write(bytes);
        out_.write(with_transfer_syntax(bytes, transfer_syntax_));
    }

  private:
    const Uid transfer_syntax_;
    ByteSink& out_;
    bool has_head_ = false;
};

/// What an archive compressed is written as it was sealed: decided by the one envelope, before the first
/// byte.
image::Opened open_into(image::Opener& opener, Source& source, const Looked& looked, ByteSink& out) {
    const Uid& written_in = opener.written_in().uid;
    if (written_in == looked.transfer_syntax.uid) return pass_through(opener, source, looked.head, out);
    Renamed renamed(written_in, out);
    return pass_through(opener, source, looked.head, renamed);
}

bool is_openable(Source& source, const Looked& looked, const Means& means) {
    try {
        require_openable(source, looked, means);
        return true;
    } catch (const Refused&) {
        return false;
    }
}

/// What the registry knows as sealed is not taken for an image that never was, whatever comes.
void require_as_registered(Source& source, const Looked& looked, const Means& means) {
    try {
        require_openable(source, looked, means);
    } catch (const Refused& why) {
        throw Refused(std::string("is registered as sealed, but does not open: ") + why.what());
    }
}

void open(const Job& job, const Means& means, Committer& committer, const Tell& tell) {
    if (!job.problem.empty()) throw Refused(job.problem);
    Source source(job.source);
    auto head = read_head(source.next());
    if (head.is_directory()) return leave(source, job, State::directory, committer, tell);
    auto looked = look_through(source, std::move(head));
    const bool has_block = looked.envelope.has_value();
    choose_envelope(source, looked, means);
    if (!looked.envelope) return leave(source, job, State::not_sealed, committer, tell);
    if (!has_block) require_as_registered(source, looked, means);
    if (is_there(job)) {
        Source there(job.destination);
        if (!opens_to(source, looked, means, there)) refuse_other(job);
        return tell({job.source, State::done, {}, source.size()});
    }
    auto file = std::make_unique<NewFile>(job.destination, job.place(), source.status());
    auto opened = open_through(source, looked, means, *file);
    deliver(std::move(file), source,
            {job.source,
             State::opened,
             {},
             source.size(),
             opened.id,
             std::move(opened.differing),
             std::move(opened.missing),
             std::move(opened.edited)},
            committer, tell);
}

}  // namespace

image::Opened open_through(Source& source, const Looked& looked, const Means& means, ByteSink& out) {
    const auto opener = make_opener(looked, means);
    auto opened = open_into(*opener, source, looked, out);
    require_geometry(opened);
    return opened;
}

bool opens_to(Source& source, const Looked& looked, const Means& means, Source& other) {
    if (!looked.transfer_syntax.deflated) {
        Comparer comparer(other);
        open_through(source, looked, means, comparer);
        return comparer.equal();
    }
    InflatedSource inflated(other, looked.head.length);
    Comparer comparer(inflated);
    InflatingSink opened(looked.head.length, comparer);
    open_through(source, looked, means, opened);
    return comparer.equal() && opened.is_sound() && inflated.is_sound();
}

void choose_envelope(Source& source, Looked& looked, const Means& means) {
    if (!means.registered) return;
    auto candidates = means.registered(looked.sop_instance);
    if (looked.envelope) {
        std::erase(candidates, *looked.envelope);
        candidates.insert(candidates.begin(), *looked.envelope);
    }
    if (candidates.empty()) return;
    for (std::size_t i = 0; candidates.size() > 1 && i < std::min(candidates.size(), most_candidates); ++i) {
        looked.envelope = candidates[i];
        if (is_openable(source, looked, means)) return;
    }
    looked.envelope = candidates.front();
}

bool is_stripped(Source& source, Looked looked, const Means& means) {
    choose_envelope(source, looked, means);
    return looked.envelope && is_openable(source, looked, means);
}

void require_openable(Source& source, const Looked& looked, const Means& means) {
    const auto opener = make_opener(looked, means);
    Nowhere nowhere;
    push_until(
        *opener, source, looked.head, nowhere, [&] { return opener->released(); }, codec::unit_size);
    if (!opener->released()) require(opener->finish(nowhere), *opener);
}

void open_file(const Job& job, const Means& means, Committer& committer, Tell tell) {
    telling(job, tell, [&] { open(job, means, committer, tell); });
}

}  // namespace portcullis::media
