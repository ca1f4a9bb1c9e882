#include "gateway/image/open_regions.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/image/block.hpp"
#include "gateway/image/candidate.hpp"
#include "gateway/image/changes.hpp"
#include "gateway/image/regions.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t most_candidates = 16;
/// An envelope id stands within these first bytes (FORMAT.md).
constexpr std::size_t longest_prefix = 64;

/// Whether a failure to begin is about what we may open, not about what came.
bool is_about_keys(codec::Failure failure) {
    using enum codec::Failure;
    return failure == no_key || failure == no_study_secret || failure == unknown_signer ||
           failure == codec_not_allowed || failure == unsupported_mode || failure == unknown_version ||
           failure == key_unavailable;
}

class StreamOpener final : public Stage<RegionOpener> {
  public:
    StreamOpener(const OpenParameters& parameters, const codec::OpeningKeys& keys)
        : Stage(parameters.transfer_syntax), parameters_(parameters), keys_(keys) {
        make_candidates();
    }

    bool released() const override { return winner_ && context_known_; }

    const codec::ObjectDescription* decided() const override {
        if (winner_) return &winner_->object().description();
        if (candidates_.size() == 1) return &candidates_.front()->object().description();
        for (const auto& candidate : candidates_)
            if (candidate->verified()) return &candidate->object().description();
        return nullptr;
    }

    Result<Opened> finish(ByteSink&) override {
        if (auto done = finish_scan(); !done) return done.error();
        if (auto begun = need_candidates(); !begun) return begun.error();
        if (auto compared = compare_context(); !compared) return compared.error();
        if (!winner_ && !condemned_) settle_without_units();
        if (!winner_) return fail_unverified().error();
        if (!winner_->complete()) return fail(errc::tampered, "pixel data is missing").error();
        if (!block_.empty() && !is_block_of(*winner_))
            return fail(errc::tampered, "the envelope in the object is another one").error();
        return describe();
    }

  private:
    /// What is done with the value of the current element.
    enum class Action { pass, drop, hold_creator, read_envelope, open, pass_item, end_fragments };

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = Action::pass;
        if (auto begun = need_candidates(); !begun) return begun;
        if (element.tag > tag::pixel_representation)  // the last one that is bound
            if (auto compared = compare_context(); !compared) return compared;
        if (is_pixel_data(element.tag) && !is_encoded_as(element, syntax_))
            return fail(errc::wrong_encapsulation, tag::name(element.tag));
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
        return begin_value(element, header);
    }

    Result<void> begin_nested(const Element& element, ByteView header) override {
        if (action_ == Action::drop || action_ == Action::read_envelope) return on_value(header);
        return begin_value(element, header);
    }

    Result<void> on_value(ByteView bytes) override {
        switch (action_) {
            case Action::pass:
            case Action::pass_item:
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
                return open(bytes);
            case Action::end_fragments:
                break;
        }
        return end_fragments(bytes);
    }

    Result<void> on_end(std::uint32_t tag) override {
        if (tag == tag::sop_instance_uid) return check_instance();
        if (action_ == Action::hold_creator) end_creator(tag);
        return end_value();
    }

    Result<void> end_nested() override { return end_value(); }

    Result<void> end_value() {
        if (std::exchange(action_, Action::pass) != Action::open) return {};
        auto ended = end_regions();
        disputed_.reset();
        return ended;
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

    /// A sequence around regions that does not begin with an item any more: nobody would find them in it.
    bool hides_regions(const Element& element) const {
        const bool may_be_sequence = element.vr_text().empty() || element.vr_text() == "UN";
        return element.form == Form::plain && element.length > 0 && may_be_sequence &&
               std::binary_search(sequence_tags_.begin(), sequence_tags_.end(), element.tag);
    }

    /// What the envelopes name is opened, wherever it stands; of pixels at the top level there are no others.
    Result<void> begin_value(const Element& element, ByteView header) {
        if (hides_regions(element)) return fail(errc::malformed, tag::name(element.tag) + " holds no items");
        passage_.pass(header);
        if (element.form == Form::sequence || !may_be_sealed(element)) return {};
        const codec::Path place = path();
        const bool pixels = place.within.empty() && is_pixel_data(element.tag);
        const bool sealed = std::any_of(candidates_.begin(), candidates_.end(),
                                        [&](const auto& candidate) { return candidate->has(place); });
        unsealed_pixels_ = pixels && !sealed;
        if (!sealed && (!pixels || element.length == 0)) return {};
        items_ = 0;
        const bool known_to_all = std::all_of(candidates_.begin(), candidates_.end(),
                                              [&](const auto& candidate) { return candidate->has(place); });
        if (!pixels && !known_to_all && element.form == Form::plain) disputed_ = place;
        action_ = element.form == Form::plain ? Action::open : Action::end_fragments;
        if (unsealed_pixels_ && element.form == Form::fragments) return {};  // there may be none
        return feed([&](Candidate& candidate) { return candidate.begin_element(element, place); });
    }

    Result<void> open(ByteView bytes) {
        if (disputed_) append(raw_, bytes);
        return feed([&](Candidate& candidate) { return candidate.take(bytes, passage_); });
    }

    /// A value that only some of the candidates name is kept as it came, a unit of it, until they have opened
    /// it or are out: for the others it passes.
    Result<void> settle_dispute() {
        if (!disputed_) return {};
        const bool open = std::any_of(candidates_.begin(), candidates_.end(),
                                      [&](const auto& candidate) { return candidate->has(*disputed_); });
        if (open && !winner_) return {};
        disputed_.reset();
        const Bytes raw = std::exchange(raw_, {});
        if (open) return {};
        action_ = Action::pass;
        return pass(raw);
    }

    Result<void> refuse_pixels() {
        if (candidates_.empty()) return {};
        return fail(errc::tampered, tag::name(path().tag) + " was not there when it was sealed");
    }

    /// Spares most elements that their place is looked up.
    bool may_be_sealed(const Element& element) const {
        return is_pixel_data(element.tag) ||
               std::binary_search(sealed_tags_.begin(), sealed_tags_.end(), element.tag);
    }

    /// Only what a path of an envelope leads through, whatever it came back as (FORMAT.md).
    bool is_sequence(std::uint32_t tag, bool) const override {
        return std::binary_search(sequence_tags_.begin(), sequence_tags_.end(), tag);
    }

    /// The first item is the offset table, which is not sealed.
    Result<void> begin_item(std::uint32_t length, ByteView header) override {
        if (action_ != Action::end_fragments) return on_value(header);  // of an icon that is not sealed
        action_ = items_ == 0 ? Action::pass_item : Action::open;
        if (items_++ == 0) return pass(header);
        if (unsealed_pixels_ && length > 0) return refuse_pixels();
        return feed([&](Candidate& candidate) { return candidate.begin_fragment(length, passage_); });
    }

    Result<void> end_item() override {
        if (action_ != Action::pass) action_ = Action::end_fragments;
        return {};
    }
    Result<void> begin_nested_item(std::uint32_t length, ByteView header) override {
        return begin_item(length, header);
    }
    Result<void> end_nested_item() override { return end_item(); }

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
            auto given = disputed_ && !candidate.has(*disputed_) ? Result<void>{} : give(candidate);
            if (candidate.verified()) {
                choose(candidate);
                return given ? settle_dispute() : fail(given.error(), candidate.failure_detail());
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
        return candidates_.empty() ? condemn() : settle_dispute();
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

    Result<void> need_candidates() {
        if (std::exchange(begun_, true)) return {};
        return candidates_.empty() ? condemn() : Result<void>{};
    }

    void make_candidates() {
        const std::size_t count = std::min(parameters_.envelopes.size(), most_candidates);
        for (std::size_t rank = 0; rank < count; ++rank) {
            try {
                begin_candidate(rank);
            } catch (const std::runtime_error& error) {  // of a loaded codec (codec/codec.hpp)
                unopenable_ = true;
                last_failure_ = error.what();
            }
        }
        note_places();
    }

    void begin_candidate(std::size_t rank) {
        auto object = codec::ObjectOpener::begin(parameters_.envelopes[rank], keys_, parameters_.allowed,
                                                 parameters_.identity);
        if (object) {
            candidates_.push_back(std::make_unique<Candidate>(std::move(*object), rank));
        } else {
            unopenable_ |= is_about_keys(object.failure());
            last_failure_ = "envelope: " + std::string(codec::name(object.failure()));
        }
    }

    void note_places() {
        const codec::Path* last = nullptr;
        for (const auto& candidate : candidates_) {
            for (const auto& region : candidate->object().regions()) {
                if (region.path.get() == last) continue;
                last = region.path.get();
                sealed_tags_.push_back(last->tag);
                for (const auto& step : last->within) sequence_tags_.push_back(step.sequence);
            }
        }
        for (auto* tags : {&sealed_tags_, &sequence_tags_}) {
            std::sort(tags->begin(), tags->end());
            tags->erase(std::unique(tags->begin(), tags->end()), tags->end());
        }
    }

    /// Values may have been sealed that stand before the attributes that are bound: nothing is released until
    /// both are known.
    Result<void> compare_context() {
        if (std::exchange(context_known_, true)) return {};
        const auto bound = attributes_.bound(syntax_);
        for (const auto& candidate : candidates_) {
            const auto& sealed = candidate->object().description();
            candidate->set_context(codec::agree(sealed.bound, undone(bound, sealed.changes)));
        }
        if (!winner_ || winner_->context_agrees()) return {};
        return fail(errc::context_differs, "the image attributes are not the sealed ones");
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
        return {object.envelope_id(),
                object.units(),
                winner_->rank() != 0,
                identifiers(),
                differing(object.description().recorded, attributes_.recorded()),
                winner_->missing(),
                {}};
    }

    const OpenParameters parameters_;
    const codec::OpeningKeys& keys_;
    Action action_ = Action::pass;
    std::uint32_t items_ = 0;

    std::vector<std::unique_ptr<Candidate>> candidates_;
    const Candidate* winner_ = nullptr;
    std::vector<std::uint32_t> sealed_tags_;    // where candidates have regions, ascending
    std::vector<std::uint32_t> sequence_tags_;  // of sequences around them, ascending
    bool unsealed_pixels_ = false;
    std::optional<codec::Path> disputed_;  // a value that is sealed for some of the candidates only
    Bytes raw_;                            // its beginning
    bool begun_ = false;
    bool context_known_ = false;
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

std::unique_ptr<RegionOpener> make_region_opener(const OpenParameters& parameters,
                                                 const codec::OpeningKeys& keys) {
    return std::make_unique<StreamOpener>(parameters, keys);
}

}  // namespace portcullis::image
