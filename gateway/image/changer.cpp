#include <algorithm>
#include <array>

#include "gateway/image/block.hpp"
#include "gateway/image/changes.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/mark.hpp"
#include "gateway/image/region_chooser.hpp"
#include "gateway/image/spool.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

using How = codec::Change::How;

constexpr std::size_t most_changes = 65536;              // FORMAT.md, limits
constexpr std::size_t most_taken_out = 4 * 1024 * 1024;  // bytes of one value
constexpr std::uint32_t longest_blanked = 65536;         // bytes
constexpr std::size_t most_changed = 64 * 1024 * 1024;   // bytes in all: more the envelope does not hold
constexpr std::size_t held_in_memory = 512 * 1024;       // bytes
constexpr std::uint32_t first_of_mark_group = 0x00200000;
constexpr std::uint32_t first_of_pixel_group = 0x00280000;

/// What Explicit VR says should be there.
bool has_no_vr(const Element& element) {
    return element.encoding.explicit_vr && element.vr_text().empty();
}

bool is_pixel_value_limit(std::uint32_t tag) {
    return tag >= tag::smallest_valid_pixel_value && tag <= tag::largest_image_pixel_value_in_plane;
}

/// The VR, where there is none; empty if such an element is not taken out.
std::string_view taken_out_vr(std::uint32_t tag, bool is_signed) {
    if (is_pixel_value_limit(tag)) return is_signed ? "SS" : "US";
    switch (tag) {
        case tag::lossy_image_compression_ratio:
            return "DS";
        case tag::histogram_sequence:
        case tag::mac_parameters_sequence:
        case tag::digital_signatures_sequence:
            return "SQ";
        default:
            return tag::is_group_length(tag) && tag >= first_of_mark_group && tag != block_group_length ? "UL"
                                                                                                        : "";
    }
}

bool is_blanked(const Element& element) {
    const bool says_something = is_pixel_value_limit(element.tag) || element.tag == tag::histogram_data;
    return says_something && element.form == Form::plain && element.length > 0 &&
           element.length <= longest_blanked && element.ascends;
}

/// Objects that have them have pixels.
bool describes_pixels(std::uint32_t tag) {
    return tag >= first_of_pixel_group && tag <= tag::largest_image_pixel_value_in_plane;
}

class StreamChanger final : public Stage<Changer> {
  public:
    StreamChanger(const ChangeParameters& parameters, EnvelopeSource& source)
        : Stage(parameters.transfer_syntax),
          parameters_(parameters),
          source_(source),
          chooser_(parameters.rules),
          before_mark_(parameters.spool_folder, held_in_memory),
          after_mark_(parameters.spool_folder, held_in_memory) {}

    Result<void> finish(ByteSink& out) override {
        if (auto done = finish_scan(); !done) return done;
        passage_.begin({}, out);
        auto written = place_ == Place::waiting ? let_go() : pass_mark_place(~std::uint32_t{0});
        passage_.end();
        return written;
    }
    std::vector<codec::Change>& changes() override { return changes_; }

  private:
    enum class Action { pass, take_out, hold_length, hold_comments, count_bits, blank };
    /// Until it is known that there is something to seal, what comes from the group of the mark on waits.
    enum class Place { before, waiting, sealed };

    struct Held {
        Element element;
        Bytes header, value;
    };

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = Action::pass;
        element_ = element;
        value_.clear();
        const auto kind = chooser_.begin(element, [this] { return path(); });
        if (auto moved = move_on(element, kind.has_value()); !moved) return moved;
        const bool is_taken_out = !taken_out_vr(element.tag, is_signed()).empty();
        if (element.tag == tag::image_comments && parameters_.mark && fits_comments(element)) {
            action_ = Action::hold_comments;
        } else if (element.tag == tag::image_comments) {
            marked_ = true;  // there is no place for the mark
        } else if (element.tag == first_of_mark_group && place_ == Place::waiting && may_take_out(element)) {
            action_ = Action::hold_length;
        } else if (place_ == Place::sealed && is_taken_out && may_take_out(element)) {
            action_ = Action::take_out;
        } else if (is_bit_count(element)) {
            action_ = Action::count_bits;
        }
        if (action_ == Action::pass) return pass(header);
        header_.assign(header.begin(), header.end());
        return {};
    }

    Result<void> begin_nested(const Element& element, ByteView header) override {
        if (action_ == Action::take_out) return collect(header);
        const auto kind = chooser_.begin(element, [this] { return path(); });
        const bool blanked = is_blanked(element) && changes_.size() < most_changes / 2;
        if ((blanked || kind) && place_ != Place::sealed)
            if (auto begun = seal(); !begun) return begun;
        passage_.pass(header);
        if (!blanked) return {};
        action_ = Action::blank;
        element_ = element;
        value_.clear();
        return {};
    }

    Result<void> on_value(ByteView bytes) override {
        chooser_.value(bytes);
        return action_ == Action::pass ? pass(bytes) : collect(bytes);
    }

    Result<void> on_end(std::uint32_t) override {
        chooser_.end();
        switch (std::exchange(action_, Action::pass)) {
            case Action::take_out:
                return take_out(element_, taken_out_vr(element_.tag, is_signed()), value_);
            case Action::hold_length:
                group_length_ = Held{element_, header_, value_};
                return {};
            case Action::hold_comments:
                return hold_comments();
            case Action::count_bits:
                return count_bits();
            default:
                return {};
        }
    }

    Result<void> end_nested() override {
        chooser_.end();
        if (action_ != Action::blank) return {};
        action_ = Action::pass;
        return replace(path(), Bytes(value_.size(), 0));
    }

    Result<void> collect(ByteView bytes) {
        if (bytes.size() > most_taken_out - value_.size())
            return fail(errc::not_sealable, tag::name(element_.tag) + " is too long to be sealed");
        append(value_, bytes);
        return {};
    }

    bool is_signed() const { return attributes_.us(tag::pixel_representation) == 1; }

    bool fits_comments(const Element& element) const {
        static constexpr std::array<std::string_view, 5> vrs = {"LT", "LO", "ST", "UT", "UN"};
        const bool is_text = !element.encoding.explicit_vr ||
                             std::find(vrs.begin(), vrs.end(), element.vr_text()) != vrs.end();
        return is_text && element.form == Form::plain && element.length <= longest_comments;
    }

    /// Items that are big-endian have no place in the envelope.
    bool may_take_out(const Element& element) const {
        return element.form == Form::plain || !syntax_.encoding.big_endian;
    }

    bool is_bit_count(const Element& element) const {
        const bool counts = element.tag == tag::bits_stored || element.tag == tag::high_bit;
        return counts && !syntax_.encapsulated && element.form == Form::plain && element.length == 2;
    }

    /// Before an element of the top level.
    Result<void> move_on(const Element& element, bool is_region) {
        if (place_ == Place::before && element.tag >= first_of_mark_group) {
            place_ = Place::waiting;
            passage_.redirect(&before_mark_);
        }
        if (place_ == Place::waiting && element.tag > tag::image_comments) passage_.redirect(&after_mark_);
        if (place_ != Place::sealed && (describes_pixels(element.tag) || is_region))
            if (auto begun = seal(); !begun) return begun;
        return pass_mark_place(element.tag);
    }

    /// There is something to seal. What waited goes out, with the mark in its place.
    Result<void> seal() {
        auto id = source_.begin_envelope();
        if (!id) return id.error();
        mark_ = mark_text(*id, parameters_.gateway_id);
        const bool waited = std::exchange(place_, Place::sealed) == Place::waiting;
        if (!waited) return {};
        passage_.redirect(nullptr);
        if (group_length_)
            if (auto noted = take_out(group_length_->element, "UL", group_length_->value); !noted)
                return noted;
        if (auto drained = drain(before_mark_); !drained) return drained;
        if (after_mark_.size() > 0 || comments_)
            if (auto marked = pass_mark_place(tag::image_comments + 1); !marked) return marked;
        return drain(after_mark_);
    }

    /// Nothing to seal: all that waited goes out as it came.
    Result<void> let_go() {
        passage_.redirect(nullptr);
        pass_held(group_length_);
        if (auto drained = drain(before_mark_); !drained) return drained;
        pass_held(comments_);
        return drain(after_mark_);
    }

    void pass_held(const std::optional<Held>& held) {
        if (!held) return;
        passage_.pass(held->header);
        passage_.pass(held->value);
    }

    Result<void> drain(Spool& spool) {
        const auto drained = spool.drain([this](ByteView bytes) { passage_.pass(bytes); });
        return drained ? drained : fail(errc::sealing_failed, drained.error().message());
    }

    /// Writes the mark, once, if the place where it belongs lies before `tag`.
    Result<void> pass_mark_place(std::uint32_t tag) {
        if (!parameters_.mark || place_ != Place::sealed || marked_ || tag <= tag::image_comments) return {};
        marked_ = true;
        const Bytes text(mark_.begin(), mark_.end());
        auto noted = note({comments_ ? How::replaced : How::added,
                           {{}, tag::image_comments},
                           {},
                           false,
                           comments_ ? comments_->value : Bytes(),
                           text});
        if (!noted) return noted;
        Bytes element;
        const auto vr = comments_ ? comments_->element.vr_text() : "LT";
        append_header(element, tag::image_comments, vr, static_cast<std::uint32_t>(text.size()),
                      syntax_.encoding);
        append(element, text);
        return pass(element);
    }

    Result<void> hold_comments() {
        comments_ = Held{element_, header_, value_};
        return place_ == Place::sealed ? pass_mark_place(tag::image_comments + 1) : Result<void>{};
    }

    Result<void> take_out(const Element& element, std::string_view usual_vr, const Bytes& value) {
        auto change = taken_out(element, usual_vr, value);
        return change ? note(std::move(*change)) : fail(change.error(), not_put_back(element.tag));
    }

    Result<void> note(codec::Change change) {
        changed_ += change.original.size() + change.sealed.size();
        if (changed_ > most_changed) return fail(errc::not_sealable, "more changes than an envelope holds");
        changes_.push_back(std::move(change));
        return {};
    }

    /// Bits Stored becomes Bits Allocated, and High Bit follows.
    Result<void> count_bits() {
        passage_.pass(header_);
        const auto allocated = attributes_.us(tag::bits_allocated).value_or(0);
        const bool whole_bytes = allocated % 8 == 0 && allocated > 0;
        if (!whole_bytes) return pass(value_);
        const auto now =
            static_cast<std::uint16_t>(element_.tag == tag::bits_stored ? allocated : allocated - 1);
        Bytes sealed;
        append_le16(sealed, now);
        return replace({{}, element_.tag}, std::move(sealed));
    }

    /// Of a value whose header has passed.
    Result<void> replace(codec::Path path, Bytes sealed) {
        const std::size_t word = element_.word();
        swap_words(value_, word);
        if (sealed != value_) {
            if (has_no_vr(element_)) return fail(errc::malformed, not_put_back(element_.tag));
            if (auto noted = note({How::replaced, std::move(path), {}, false, value_, sealed}); !noted)
                return noted;
        }
        swap_words(sealed, word);
        return pass(sealed);
    }

    const ChangeParameters parameters_;
    EnvelopeSource& source_;
    RegionChooser chooser_;
    Place place_ = Place::before;
    Action action_ = Action::pass;  // for the value of the current element
    Element element_{};
    Bytes header_, value_;              // of the current element, where it does not pass at once
    std::optional<Held> group_length_;  // of the group of the mark
    std::optional<Held> comments_;      // Image Comments as they came
    Spool before_mark_, after_mark_;
    std::string mark_;
    bool marked_ = false;
    std::vector<codec::Change> changes_;
    std::size_t changed_ = 0;  // bytes in them
};

}  // namespace

Result<codec::Change> taken_out(const Element& element, std::string_view usual_vr, Bytes value) {
    if (has_no_vr(element)) return errc::malformed;
    const auto vr = element.vr_text().empty() ? usual_vr : element.vr_text();
    swap_words(value, element.word());
    return codec::Change{How::taken_out,   {{}, element.tag},
                         {vr[0], vr[1]},   element.length == undefined_length,
                         std::move(value), {}};
}

std::string not_put_back(std::uint32_t tag) {
    return tag::name(tag) + " has no value representation, and would not come back as it is";
}

std::unique_ptr<Changer> make_changer(const ChangeParameters& parameters, EnvelopeSource& source) {
    return std::make_unique<StreamChanger>(parameters, source);
}

}  // namespace portcullis::image
