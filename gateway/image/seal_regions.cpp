#include "gateway/image/seal_regions.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "gateway/image/block.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/region_chooser.hpp"
#include "gateway/image/spool.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// Keys and random numbers may be there the next time; the object will be the same.
errc reason(codec::Failure failure) {
    const bool lasts = failure == codec::Failure::over_limit || failure == codec::Failure::malformed;
    return lasts ? errc::not_sealable : errc::sealing_failed;
}

class StreamSealer final : public Stage<RegionSealer> {
  public:
    StreamSealer(const SealParameters& parameters, const codec::SealingKeys& keys,
                 std::optional<codec::FreshKeys> fresh)
        : Stage(parameters.transfer_syntax),
          parameters_(parameters),
          keys_(keys),
          fresh_(std::move(fresh)),
          chooser_(parameters.rules),
          creators_(syntax_.encoding),
          before_envelope_(parameters.spool_folder, held_in_memory),
          after_envelope_(parameters.spool_folder, held_in_memory) {}

    Result<codec::EnvelopeId> begin_envelope() override {
        if (!object_)
            if (auto begun = begin_object(); !begun) return begun.error();
        return sealed_.id;
    }

    Result<Sealed> finish(ByteSink& out, std::vector<codec::Change> changes) override {
        if (auto done = finish_scan(); !done) return done.error();
        changes_ = std::move(changes);
        const bool untouched = sealed_.regions == 0 && changes_.empty() && !creators_passed_;
        auto written = untouched ? write_as_it_came(out) : write_with_envelope(out);
        if (!written) return written.error();
        sealed_.nothing_to_seal = untouched;
        sealed_.foreign_block = creators_.holds_ours();
        sealed_.identifiers = identifiers();
        return std::move(sealed_);
    }

  private:
    enum class Action { pass, hold_length, hold_creator, seal };
    /// Where group 7FE1 is passed: the creators wait until all of them are there, what stands before the
    /// envelope until it is known that there will be one, what stands behind it until it is complete.
    enum class Place { before_creators, before_envelope, after_envelope };
    static constexpr std::size_t held_in_memory = 512 * 1024;  // bytes
    /// Of group 7FE1.
    struct GroupLength {
        Element element;
        Bytes header, value;
    };

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = Action::pass;
        const auto kind = chooser_.begin(element, [this] { return path(); });
        if (element.tag >= block_group_length) {
            // Elements 0001 to 000F are no one's (PS3.5 7.8.1), and wait with the creators that they precede.
            const bool is_held = element.tag <= last_creator;
            if (is_held && element.form != Form::plain)
                return fail(errc::malformed, tag::name(element.tag) + " is a sequence");
            if (is_held && kind)
                return fail(errc::malformed,
                            tag::name(element.tag) + " cannot be sealed: no private element");
            if (element.tag == block_group_length) {  // not true any more if there will be an envelope
                action_ = Action::hold_length;
                group_length_ = {element, Bytes(header.begin(), header.end()), Bytes()};
                return {};
            }
            if (is_held) {
                action_ = Action::hold_creator;
                return held(creators_.begin(element.tag, header));
            }
            if (auto moved = move_on(element.tag); !moved) return moved;
        }
        if (is_pixel_data(element.tag) && !is_encoded_as(element, syntax_))
            return fail(errc::wrong_encapsulation, tag::name(element.tag));
        return begin(element, kind, header,
                     [&] { return pixel_bytes(attributes_.bound(syntax_), element.length); });
    }

    Result<void> begin_nested(const Element& element, ByteView header) override {
        const auto kind = chooser_.begin(element, [this] { return path(); });
        if (kind && !element.ascends)
            return fail(errc::malformed, tag::name(element.tag) + " is out of order, or occurs twice");
        return begin(element, kind, header, [&] { return element.length; });
    }

    /// `native_bytes` says how many bytes of a native value are pixels.
    template <class NativeBytes>
    Result<void> begin(const Element& element, std::optional<codec::RegionKind> kind, ByteView header,
                       const NativeBytes& native_bytes) {
        if (chooser_.is_full()) return fail(errc::not_sealable, "too many private blocks that rules name");
        passage_.pass(header);
        word_size_ = region_word_size(element);
        items_ = 0;
        if (!kind || *kind == codec::RegionKind::fragment) return {};
        const bool may_be_padded = *kind == codec::RegionKind::native && word_size_ == 1;
        return begin_region(*kind, 0, may_be_padded ? native_bytes() : element.length);
    }

    Result<void> on_value(ByteView bytes) override {
        chooser_.value(bytes);
        switch (action_) {
            case Action::pass:
                return pass(bytes);
            case Action::hold_length:
                return hold_length(bytes);
            case Action::hold_creator:
                return held(creators_.add(bytes));
            case Action::seal:
                break;
        }
        return seal(bytes);
    }

    Result<void> on_end(std::uint32_t) override { return end_value(); }
    Result<void> end_nested() override { return end_value(); }
    Result<void> end_value() {
        chooser_.end();
        return end_region();
    }

    /// The first item is the offset table (PS3.5 A.4).
    Result<void> begin_item(std::uint32_t length, ByteView header) override {
        passage_.pass(header);
        if (items_++ == 0) return {};
        return begin_region(codec::RegionKind::fragment, items_ - 2, length);
    }
    Result<void> end_item() override { return end_region(); }
    Result<void> begin_nested_item(std::uint32_t length, ByteView header) override {
        return begin_item(length, header);
    }
    Result<void> end_nested_item() override { return end_region(); }

    Result<void> begin_region(codec::RegionKind kind, std::uint32_t order, std::uint64_t length) {
        if (auto begun = begin_envelope(); !begun) return begun.error();
        object_->begin_region(path(), order, kind);
        ++sealed_.regions;
        sealed_.bytes += length;
        region_left_ = length;
        action_ = Action::seal;
        return {};
    }

    Result<void> end_region() {
        if (action_ == Action::seal) object_->end_region();
        action_ = Action::pass;
        return {};
    }

    codec::Result<std::unique_ptr<codec::ObjectSealer>> begin_sealer() {
        const auto& of = parameters_;
        if (auto fresh = std::exchange(fresh_, std::nullopt))
            return codec::ObjectSealer::begin(std::move(*fresh), of.identity, of.origin);
        return codec::ObjectSealer::begin(keys_, *of.codec, of.identity, of.origin);
    }

    /// Here and in seal_unit() a loaded codec may fail (codec/codec.hpp).
    Result<void> begin_object() {
        try {
            auto begun = begin_sealer();
            if (!begun) return fail(reason(begun.failure()), std::string(codec::name(begun.failure())));
            object_ = std::move(*begun);
        } catch (const std::runtime_error& error) {
            return fail(errc::sealing_failed, error.what());
        }
        sealed_.id = object_->envelope_id();
        return {};
    }

    Result<void> seal_unit(MutableByteView unit) {
        swap_words(unit, word_size_);
        try {
            object_->seal_unit(unit);
        } catch (const std::runtime_error& error) {
            return fail(errc::sealing_failed, error.what());
        }
        swap_words(unit, word_size_);
        return {};
    }

    /// Gathers units, and lets out what is not part of the region any more: padding.
    Result<void> seal(ByteView bytes) {
        while (region_left_ > 0 && !bytes.empty()) {
            const auto unit =
                static_cast<std::size_t>(std::min<std::uint64_t>(codec::unit_size, region_left_));
            if (!unit_) unit_ = std::make_unique_for_overwrite<std::uint8_t[]>(codec::unit_size);
            const std::size_t taken = std::min(unit - filled_, bytes.size());
            std::copy_n(bytes.begin(), taken, unit_.get() + filled_);
            bytes = bytes.subspan(taken);
            filled_ += taken;
            if (filled_ < unit) break;
            if (auto sealed = seal_unit({unit_.get(), unit}); !sealed) return sealed;
            passage_.pass({unit_.get(), unit});
            region_left_ -= unit;
            filled_ = 0;
        }
        return pass(bytes);
    }

    Result<void> hold_length(ByteView bytes) {
        if (bytes.size() > longest_value - group_length_->value.size())
            return fail(errc::malformed, "the length of group 7FE1 is too long");
        append(group_length_->value, bytes);
        return {};
    }

    Result<void> held(bool done) {
        if (done) return {};
        return fail(errc::malformed, "the private creators of group 7FE1 are too long");
    }

    /// An element behind the creators of group 7FE1 begins.
    Result<void> move_on(std::uint32_t tag) {
        const auto ours = creators_.ours();
        if (ours && tag == envelope_tag(*ours)) taken_ = true;
        if (place_ == Place::before_creators) {
            place_ = Place::before_envelope;
            if (object_) {
                if (auto may = may_place_envelope(); !may) return may;
                creators_passed_ = true;
                passage_.pass(creators_.with_ours());
            } else {
                passage_.redirect(&before_envelope_);
            }
        }
        if (place_ == Place::before_envelope && (!ours || tag >= envelope_tag(*ours))) {
            place_ = Place::after_envelope;
            passage_.redirect(&after_envelope_);
        }
        return {};
    }

    Result<void> may_place_envelope() {
        const auto ours = creators_.ours();
        if (!ours) return fail(errc::not_sealable, "no free private block in group 7FE1");
        if (taken_)
            return fail(errc::not_sealable, tag::name(envelope_tag(*ours)) + " is there without a creator");
        return {};
    }

    Result<void> write_with_envelope(ByteSink& out) {
        if (auto may = may_place_envelope(); !may) return may;
        if (!creators_passed_) out.write(creators_.with_ours());
        if (auto drained = drain(before_envelope_, out); !drained) return drained;
        if (group_length_) {
            auto change = taken_out(group_length_->element, "UL", std::move(group_length_->value));
            if (!change) return fail(change.error(), not_put_back(group_length_->element.tag));
            changes_.push_back(std::move(*change));
        }
        const auto bound = undone(attributes_.bound(syntax_), changes_);
        auto envelope =
            object_->finish({bound, attributes_.recorded(), syntax_.uid.str(), std::move(changes_)});
        if (!envelope) return fail(reason(envelope.failure()), std::string(codec::name(envelope.failure())));
        sealed_.units = object_->units();
        sealed_.envelope = std::move(*envelope);
        Bytes header;  // the length of an envelope is even (FORMAT.md)
        append_header(header, envelope_tag(*creators_.ours()), "OB",
                      static_cast<std::uint32_t>(sealed_.envelope.size()), syntax_.encoding);
        out.write(header);
        out.write(sealed_.envelope);
        return drain(after_envelope_, out);
    }

    Result<void> write_as_it_came(ByteSink& out) {
        if (group_length_) {
            out.write(group_length_->header);
            out.write(group_length_->value);
        }
        out.write(creators_.as_they_came());
        if (auto drained = drain(before_envelope_, out); !drained) return drained;
        return drain(after_envelope_, out);
    }

    Result<void> drain(Spool& spool, ByteSink& out) {
        const auto drained = spool.drain([&out](ByteView bytes) { out.write(bytes); });
        return drained ? drained : fail(errc::sealing_failed, drained.error().message());
    }

    const SealParameters parameters_;
    const codec::SealingKeys& keys_;
    std::optional<codec::FreshKeys> fresh_;
    RegionChooser chooser_;
    Action action_ = Action::pass;                 // for the value of the current element or item
    std::unique_ptr<codec::ObjectSealer> object_;  // once there is something to seal
    std::unique_ptr<std::uint8_t[]> unit_;
    std::size_t filled_ = 0;         // bytes in unit_
    std::uint64_t region_left_ = 0;  // bytes of the region that are not sealed yet
    std::size_t word_size_ = 1;
    std::uint32_t items_ = 0;

    Place place_ = Place::before_creators;
    std::optional<GroupLength> group_length_;
    CreatorQueue creators_;
    bool creators_passed_ = false;  // with ours
    bool taken_ = false;            // the tag of the envelope is there, without a creator
    Spool before_envelope_;
    Spool after_envelope_;
    std::vector<codec::Change> changes_;
    Sealed sealed_;
};

}  // namespace

std::unique_ptr<RegionSealer> make_region_sealer(const SealParameters& parameters,
                                                 const codec::SealingKeys& keys,
                                                 std::optional<codec::FreshKeys> fresh) {
    return std::make_unique<StreamSealer>(parameters, keys, std::move(fresh));
}

}  // namespace portcullis::image
