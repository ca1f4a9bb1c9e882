#include "gateway/image/seal.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/image/block.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/pixels.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

class StreamSealer final : public Stage<Sealer> {
  public:
    StreamSealer(const SealParameters& parameters, const codec::SealingKeys& keys)
        : Stage(parameters.transfer_syntax),
          parameters_(parameters),
          keys_(keys),
          creators_(parameters.transfer_syntax.explicit_vr) {}

    Result<Sealed> finish(ByteSink& out) override {
        if (auto done = finish_scan(); !done) return done.error();
        sealed_.nothing_to_seal = !object_;
        if (object_) {
            passage_.begin({}, out);
            auto placed = place_before(end_of_tags);
            passage_.end();
            if (!placed) return placed.error();
            sealed_.units = object_->units();
        }
        sealed_.identifiers = identifiers();
        return std::move(sealed_);
    }

  private:
    enum class Action { pass, drop, hold, seal };
    static constexpr std::uint64_t end_of_tags = std::uint64_t{1} << 32;

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = Action::pass;
        if (is_pixel_data(element.tag)) return begin_pixels(element, header);
        if (!object_ || element.tag < block_group_length) return pass(header);
        return begin_beyond_pixels(element.tag, header);
    }

    Result<void> on_value(ByteView bytes) override {
        switch (action_) {
            case Action::pass:
                return pass(bytes);
            case Action::drop:
                return {};
            case Action::hold:
                return held(creators_.add(bytes));
            case Action::seal:
                break;
        }
        return seal(bytes);
    }

    Result<void> on_end(std::uint32_t tag) override {
        if (is_pixel_data(tag) && action_ == Action::seal) end_region();
        return {};
    }

    Result<void> begin_pixels(const Element& element, ByteView header) {
        if (!is_encoded_as(element, syntax_)) return fail(errc::wrong_encapsulation, tag::name(element.tag));
        passage_.pass(header);
        if (element.form == Form::plain) {
            const auto length = pixel_bytes(attributes_.bound(syntax_), element.length);
            return begin_region(element.tag, 0, codec::RegionKind::native, length);
        }
        items_ = 0;
        return {};
    }

    /// The first item is the offset table (PS3.5 A.4).
    Result<void> begin_item(std::uint32_t length, ByteView header) override {
        passage_.pass(header);
        if (items_++ == 0) return {};
        return begin_region(tag::pixel_data, items_ - 2, codec::RegionKind::fragment, length);
    }

    Result<void> end_item() override {
        if (action_ == Action::seal) end_region();
        return {};
    }

    Result<void> begin_region(std::uint32_t tag, std::uint32_t order, codec::RegionKind kind,
                              std::uint64_t length) {
        if (!object_)
            if (auto begun = begin_object(); !begun) return begun;
        object_->begin_region({.tag = tag}, order, kind);
        ++sealed_.regions;
        region_left_ = length;
        action_ = Action::seal;
        return {};
    }

    /// Here and in seal_unit() a loaded codec may fail (codec/codec.hpp).
    Result<void> begin_object() {
        try {
            auto begun = codec::ObjectSealer::begin(keys_, *parameters_.codec, parameters_.identity,
                                                    parameters_.origin);
            if (!begun) return fail(errc::sealing_failed, std::string(codec::name(begun.failure())));
            object_ = std::move(*begun);
        } catch (const std::runtime_error& error) {
            return fail(errc::sealing_failed, error.what());
        }
        sealed_.id = object_->envelope_id();
        return {};
    }

    Result<void> seal_unit(std::span<std::uint8_t> unit) {
        try {
            object_->seal_unit(unit);
        } catch (const std::runtime_error& error) {
            return fail(errc::sealing_failed, error.what());
        }
        return {};
    }

    void end_region() {
        object_->end_region();
        action_ = Action::pass;
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

    /// Group 7FE1 and what follows: the envelope goes where its tag belongs.
    Result<void> begin_beyond_pixels(std::uint32_t tag, ByteView header) {
        if (tag == block_group_length) {  // it would not be true any more
            action_ = Action::drop;
            return {};
        }
        if (is_block_creator(tag)) {
            action_ = Action::hold;
            return held(creators_.begin(tag, header));
        }
        if (auto placed = place_before(tag); !placed) return placed;
        return pass(header);
    }

    Result<void> held(bool done) {
        if (done) return {};
        return fail(errc::malformed, "the private creators of group 7FE1 are too long");
    }

    Result<void> place_before(std::uint64_t tag) {
        if (tag <= last_creator) return {};
        if (!creator_) {
            auto closed = creators_.close();
            if (!closed) return fail(errc::sealing_failed, "no free private block in group 7FE1");
            creator_ = closed->first;
            passage_.pass(closed->second);
        }
        if (tag == envelope_tag(*creator_))
            return fail(errc::sealing_failed,
                        tag::name(envelope_tag(*creator_)) + " is there without a creator");
        if (tag > envelope_tag(*creator_) && sealed_.envelope.empty()) return place_envelope();
        return {};
    }

    Result<void> place_envelope() {
        auto envelope =
            object_->finish({attributes_.bound(syntax_), attributes_.recorded(), syntax_.uid.str()});
        if (!envelope) return fail(errc::sealing_failed, std::string(codec::name(envelope.failure())));
        sealed_.envelope = std::move(*envelope);
        Bytes header;  // the length of an envelope is even (FORMAT.md)
        append_header(header, envelope_tag(*creator_), "OB",
                      static_cast<std::uint32_t>(sealed_.envelope.size()), syntax_.explicit_vr);
        passage_.pass(header);
        return pass(sealed_.envelope);
    }

    const SealParameters parameters_;
    const codec::SealingKeys& keys_;
    Action action_ = Action::pass;                 // for the value of the current element or item
    std::unique_ptr<codec::ObjectSealer> object_;  // once there is something to seal
    std::unique_ptr<std::uint8_t[]> unit_;
    std::size_t filled_ = 0;         // bytes in unit_
    std::uint64_t region_left_ = 0;  // bytes of the region that are not sealed yet
    std::uint32_t items_ = 0;
    CreatorQueue creators_;
    std::optional<std::uint32_t> creator_;  // tag of ours, once placed
    Sealed sealed_;
};

}  // namespace

std::unique_ptr<Sealer> make_sealer(const SealParameters& parameters, const codec::SealingKeys& keys) {
    return std::make_unique<StreamSealer>(parameters, keys);
}

}  // namespace portcullis::image
