#include "gateway/image/open_regions.hpp"

#include <algorithm>

#include "gateway/image/block.hpp"
#include "gateway/image/candidates.hpp"
#include "gateway/image/regions.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// An envelope id stands within these first bytes (FORMAT.md).
constexpr std::size_t longest_prefix = 64;

class StreamOpener final : public Stage<RegionOpener> {
  public:
    StreamOpener(const OpenParameters& parameters, const codec::OpeningKeys& keys)
        : Stage(parameters.transfer_syntax), parameters_(parameters), candidates_(parameters_, keys) {}

    bool released() const override {
        return verified() && context_known_ && candidates_.winner()->context_agrees();
    }
    bool verified() const override { return candidates_.winner() != nullptr; }

    const TransferSyntax& written_in() const override { return syntax_; }

    const codec::ObjectDescription* decided() const override { return candidates_.decided(); }

    Result<Opened> finish(ByteSink&) override {
        if (auto done = finish_scan(); !done) return done.error();
        if (auto begun = need_candidates(); !begun) return begun.error();
        if (auto compared = compare_context(); !compared) return compared.error();
        if (!candidates_.winner() && !condemned_) candidates_.settle_by(block_);
        const auto* winner = candidates_.winner();
        if (!winner) return fail_unverified().error();
        if (!winner->complete()) return fail(errc::tampered, "pixel data is missing").error();
        if (!block_.empty() && !candidates_.is_block_of_winner(block_))
            return fail(errc::tampered, "the envelope in the object is another one").error();
        return describe(*winner);
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
        const auto& renumbered = parameters_.renumbered_to;
        const auto& expected = renumbered.empty() ? parameters_.identity.sop_instance_uid : renumbered;
        if (instance.empty() || instance == expected) return {};
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
               candidates_.lead_through(element.tag);
    }

    /// What the envelopes name is opened, wherever it stands; of pixels at the top level there are no others.
    Result<void> begin_value(const Element& element, ByteView header) {
        if (hides_regions(element)) return fail(errc::malformed, tag::name(element.tag) + " holds no items");
        passage_.pass(header);
        if (element.form == Form::sequence || !may_be_sealed(element)) return {};
        const codec::Path place = path();
        const bool pixels = place.within.empty() && is_pixel_data(element.tag);
        const bool sealed = candidates_.any_has(place);
        unsealed_pixels_ = pixels && !sealed;
        if (!sealed && (!pixels || element.length == 0)) return {};
        items_ = 0;
        if (!pixels && !candidates_.all_have(place) && element.form == Form::plain) disputed_ = place;
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
        const bool open = candidates_.any_has(*disputed_);
        if (open && !candidates_.winner()) return {};
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

    bool may_be_sealed(const Element& element) const {
        return is_pixel_data(element.tag) || candidates_.may_have(element.tag);
    }

    /// Only what a path of an envelope leads through, whatever it came back as (FORMAT.md).
    bool is_sequence(std::uint32_t tag, bool) const override { return candidates_.lead_through(tag); }

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
        candidates_.release_fragments(passage_);
        return pass(delimitation);
    }

    Result<void> end_regions() {
        return feed([](Candidate& candidate) { return candidate.end_regions(); });
    }

    template <class Give>
    Result<void> feed(const Give& give) {
        auto fed = candidates_.feed(give, disputed_ ? &*disputed_ : nullptr);
        if (!fed) return fail(fed.error(), candidates_.failure_detail());
        return candidates_.empty() ? condemn() : settle_dispute();
    }

    /// No candidate opens it. What it is can be said only when its block, if it has one, has come: until then
    /// it is read, and nothing goes out.
    Result<void> condemn() {
        if (const auto verdict = candidates_.verdict()) return fail(verdict, candidates_.failure_detail());
        condemned_ = true;
        passage_.mute();
        return {};
    }

    Result<void> need_candidates() {
        if (std::exchange(begun_, true)) return {};
        return candidates_.empty() ? condemn() : Result<void>{};
    }

    /// Values may have been sealed that stand before the attributes that are bound: nothing is released until
    /// both are known.
    Result<void> compare_context() {
        if (std::exchange(context_known_, true)) return {};
        candidates_.set_context(attributes_.bound(syntax_));
        const auto* winner = candidates_.winner();
        if (!winner || winner->context_agrees()) return {};
        return fail(errc::context_differs, "the image attributes are not the sealed ones");
    }

    Result<void> fail_unverified() {
        const auto& why = candidates_.failure_detail();
        return fail(block_.empty() ? errc::not_sealed : errc::tampered,
                    why.empty() ? "no pixel data that could be verified" : why);
    }

    Opened describe(const Candidate& winner) const {
        const auto& object = winner.object();
        return {object.envelope_id(),
                object.units(),
                winner.rank() != 0,
                identifiers(),
                differing(object.description().recorded, attributes_.recorded()),
                winner.missing(),
                {}};
    }

    const OpenParameters parameters_;
    Action action_ = Action::pass;
    std::uint32_t items_ = 0;

    Candidates candidates_;
    bool unsealed_pixels_ = false;
    std::optional<codec::Path> disputed_;  // a value that is sealed for some of the candidates only
    Bytes raw_;                            // its beginning
    bool begun_ = false;
    bool context_known_ = false;
    bool condemned_ = false;

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
