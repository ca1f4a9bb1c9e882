#include "gateway/image/open.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/image/block.hpp"
#include "gateway/image/candidate.hpp"
#include "gateway/image/pixels.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t most_candidates = 16;
/// Of an element that may be a creator: an LO, padded or not, has at most 64 characters (PS3.5 6.2).
constexpr std::uint32_t longest_creator = 256;
/// An envelope id stands within these first bytes (FORMAT.md).
constexpr std::size_t longest_prefix = 64;

/// Whether a failure to begin is about what we may open, not about what came.
bool is_about_keys(codec::Failure failure) {
    using enum codec::Failure;
    return failure == no_key || failure == no_study_secret || failure == unknown_signer ||
           failure == codec_not_allowed || failure == unsupported_mode || failure == unknown_version ||
           failure == key_unavailable;
}

class StreamOpener final : public Stage<Opener> {
  public:
    StreamOpener(const OpenParameters& parameters, const codec::OpeningKeys& keys)
        : Stage(parameters.transfer_syntax), parameters_(parameters), keys_(keys) {}

    bool released() const override { return winner_ != nullptr; }

    Result<Opened> finish(ByteSink&) override {
        if (auto done = finish_scan(); !done) return done.error();
        if (auto begun = begin_candidates(); !begun) return begun.error();
        if (!winner_ && !condemned_) settle_without_units();
        if (!winner_) return fail_unverified().error();
        if (!winner_->complete()) return fail(errc::tampered, "pixel data is missing").error();
        if (!block_.empty() && !is_block_of(*winner_))
            return fail(errc::tampered, "the envelope in the object is another one").error();
        return describe();
    }

  private:
    /// What is done with the value of the current element.
    enum class Action { pass, drop, hold_creator, read_envelope, open, end_fragments };

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = Action::pass;
        if (is_pixel_data(element.tag)) return begin_pixels(element, header);
        if (element.tag == block_group_length) {  // not true any more without the block
            action_ = Action::drop;
            return {};
        }
        if (!creator_ && is_block_creator(element.tag) && element.form == Form::plain &&
            element.length <= longest_creator) {
            action_ = Action::hold_creator;
            held_.assign(header.begin(), header.end());
            held_header_ = held_.size();
            return {};
        }
        if (creator_ && element.tag == envelope_tag(*creator_)) {
            action_ = Action::read_envelope;
            return {};
        }
        return pass(header);
    }

    Result<void> on_value(ByteView bytes) override {
        switch (action_) {
            case Action::pass:
                return pass(bytes);
            case Action::drop:
                return {};
            case Action::hold_creator:
                append(held_, bytes);
                return {};
            case Action::read_envelope:
                append(block_, bytes.first(std::min(bytes.size(), longest_prefix - block_.size())));
                return {};
            case Action::open:
                return feed([&](Candidate& candidate) { return candidate.take(bytes, passage_); });
            case Action::end_fragments:
                break;
        }
        return end_fragments(bytes);
    }

    Result<void> on_end(std::uint32_t tag) override {
        if (tag == tag::sop_instance_uid) return check_instance();
        if (action_ == Action::hold_creator) end_creator(tag);
        if (action_ == Action::open) return end_regions();
        return {};
    }

    Result<void> check_instance() {
        const auto instance = attributes_.text(tag::sop_instance_uid);
        if (instance.empty() || instance == parameters_.identity.sop_instance_uid) return {};
        return fail(errc::wrong_instance, tag::name(tag::sop_instance_uid));
    }

    /// The first block of ours is the outermost sealing and is taken out; another one was there before.
    void end_creator(std::uint32_t tag) {
        if (names_us(ByteView(held_).subspan(held_header_))) {
            creator_ = tag;
        } else {
            passage_.pass(held_);
        }
    }

    Result<void> begin_pixels(const Element& element, ByteView header) {
        if (!is_encoded_as(element, syntax_)) return fail(errc::wrong_encapsulation, tag::name(element.tag));
        if (auto begun = begin_candidates(); !begun) return begun;
        passage_.pass(header);
        items_ = 0;
        action_ = element.form == Form::plain ? Action::open : Action::end_fragments;
        return feed([&](Candidate& candidate) { return candidate.begin_element(element); });
    }

    /// The first item is the offset table, which is not sealed.
    Result<void> begin_item(std::uint32_t length, ByteView header) override {
        action_ = items_ == 0 ? Action::pass : Action::open;
        if (items_++ == 0) return pass(header);
        return feed([&](Candidate& candidate) { return candidate.begin_fragment(length, passage_); });
    }

    Result<void> end_item() override {
        action_ = Action::end_fragments;
        return {};
    }

    /// What stands outside of the items is the delimitation.
    Result<void> end_fragments(ByteView delimitation) {
        action_ = Action::pass;
        if (auto ended = end_regions(); !ended) return ended;
        for (const auto& candidate : candidates_) {
            // All that are left hold the same empty fragments.
            if (candidate == candidates_.front())
                candidate->release_fragments(passage_);
            else
                candidate->discard_fragments();
        }
        return pass(delimitation);
    }

    Result<void> end_regions() {
        return feed([](Candidate& candidate) { return candidate.end_regions(); });
    }

    /// Gives the same to every candidate; the first whose unit verifies is the one. Those that fail are out.
    template <class Give>
    Result<void> feed(const Give& give) {
        for (auto next = candidates_.begin(); next != candidates_.end();) {
            Candidate& candidate = **next;
            auto given = give(candidate);
            if (candidate.verified()) {
                choose(candidate);
                return given ? given : fail(given.error(), candidate.failure_detail());
            }
            if (given) {
                ++next;
                continue;
            }
            context_differs_ |= given.error() == errc::context_differs;
            unopenable_ |= given.error() == errc::not_openable;
            last_failure_ = candidate.failure_detail();
            next = candidates_.erase(next);
        }
        return candidates_.empty() ? condemn() : Result<void>{};
    }

    void choose(Candidate& candidate) {
        if (winner_) return;
        winner_ = &candidate;
        std::erase_if(candidates_, [&](const auto& other) { return other.get() != &candidate; });
    }

    /// No candidate opens it. What it is can be said only when its block, if it has one, has come: until then
    /// it is read, and nothing goes out.
    Result<void> condemn() {
        if (context_differs_) return fail(errc::context_differs, last_failure_);
        if (unopenable_) return fail(errc::not_openable, last_failure_);
        condemned_ = true;
        passage_.mute();
        return {};
    }

    Result<void> begin_candidates() {
        if (std::exchange(begun_, true)) return {};
        const auto bound = attributes_.bound(syntax_);
        const std::size_t count = std::min(parameters_.envelopes.size(), most_candidates);
        for (std::size_t rank = 0; rank < count; ++rank) {
            try {
                begin_candidate(rank, bound);
            } catch (const std::runtime_error& error) {  // of a loaded codec (codec/codec.hpp)
                unopenable_ = true;
                last_failure_ = error.what();
            }
        }
        return candidates_.empty() ? condemn() : Result<void>{};
    }

    void begin_candidate(std::size_t rank, const codec::BoundContext& bound) {
        auto object = codec::ObjectOpener::begin(parameters_.envelopes[rank], keys_, parameters_.allowed,
                                                 parameters_.identity);
        if (object) {
            const bool agrees = codec::agree((*object)->description().bound, bound);
            candidates_.push_back(std::make_unique<Candidate>(std::move(*object), rank, agrees));
        } else {
            unopenable_ |= is_about_keys(object.failure());
            last_failure_ = "envelope: " + std::string(codec::name(object.failure()));
        }
    }

    /// Without a unit to try, only the block in the object tells.
    void settle_without_units() {
        for (const auto& candidate : candidates_)
            if (candidate->complete() && candidate->context_agrees() && is_block_of(*candidate))
                winner_ = candidate.get();
    }

    Result<void> fail_unverified() {
        if (last_failure_.empty()) last_failure_ = "no pixel data that could be verified";
        return fail(block_.empty() ? errc::not_sealed : errc::tampered, last_failure_);
    }

    /// The block begins as the candidate's envelope does, up to and with the id. What stands behind it may
    /// have been wrapped for other keys since.
    bool is_block_of(const Candidate& candidate) const {
        const Bytes& envelope = parameters_.envelopes[candidate.rank()];
        const auto& id = candidate.object().envelope_id();
        const auto at = std::search(envelope.begin(), envelope.end(), id.begin(), id.end());
        const auto prefix = static_cast<std::size_t>(at - envelope.begin()) + id.size();
        return prefix <= block_.size() &&
               std::equal(block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(prefix),
                          envelope.begin());
    }

    Opened describe() const {
        const auto& object = winner_->object();
        return {object.envelope_id(), object.units(), winner_->rank() != 0, identifiers(),
                differing(object.description().recorded, attributes_.recorded())};
    }

    const OpenParameters parameters_;
    const codec::OpeningKeys& keys_;
    Action action_ = Action::pass;
    std::uint32_t items_ = 0;

    std::vector<std::unique_ptr<Candidate>> candidates_;
    const Candidate* winner_ = nullptr;
    bool begun_ = false;
    bool condemned_ = false;
    bool context_differs_ = false;  // of a candidate that is out
    bool unopenable_ = false;
    std::string last_failure_;

    Bytes held_;  // an element that may be our creator
    std::size_t held_header_ = 0;
    std::optional<std::uint32_t> creator_;  // tag of ours
    Bytes block_;                           // the beginning of the envelope in the object
};

}  // namespace

std::unique_ptr<Opener> make_opener(const OpenParameters& parameters, const codec::OpeningKeys& keys) {
    return std::make_unique<StreamOpener>(parameters, keys);
}

}  // namespace portcullis::image
