#include <algorithm>
#include <map>
#include <set>

#include "gateway/image/changes.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/regions.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/image/transcode.hpp"

namespace portcullis::image {

namespace {

using How = codec::Change::How;

constexpr std::size_t most_padding = 1024;  // bytes, behind a value that was changed

/// As archives pad and strip text.
bool equal_stripped(ByteView a, ByteView b) {
    return without_padding(as_text(a)) == without_padding(as_text(b));
}

class StreamRestorer final : public Stage<Restorer> {
  public:
    StreamRestorer(const TransferSyntax& returned, std::vector<codec::Change> changes,
                   const TransferSyntax& original)
        : Stage(returned), original_(original.encoding), changes_(std::move(changes)) {
        for (const auto& change : changes_) {
            if (change.path.within.empty()) groups_.insert(change.path.tag >> 16);
            if (change.how == How::taken_out) {
                taken_out_.emplace(change.path.tag, &change);
            } else {
                others_.emplace(change.path, &change);
                tags_.push_back(change.path.tag);
                for (const auto& step : change.path.within) sequences_.push_back(step.sequence);
            }
        }
        std::sort(tags_.begin(), tags_.end());
        std::sort(sequences_.begin(), sequences_.end());
        next_ = taken_out_.begin();
    }

    Result<void> finish(ByteSink& out) override {
        if (auto done = finish_scan(); !done) return done;
        passage_.begin({}, out);
        auto put_back = put_back_before(std::uint64_t{1} << 32);
        passage_.end();
        note_unmet();
        return put_back;
    }
    const std::vector<codec::Path>& edited() const override { return edited_; }

  private:
    enum class Action { pass, drop, compare };

    Result<void> on_begin(const Element& element, ByteView header) override {
        if (auto done = put_back_before(element.tag); !done) return done;
        const bool replaced = next_ != taken_out_.end() && next_->first == element.tag;
        const bool stale = tag::is_group_length(element.tag) && groups_.contains(element.tag >> 16);
        if (replaced || stale) {  // the archive made one of its own
            action_ = Action::drop;
            return {};
        }
        return begin(element, header);
    }

    Result<void> begin_nested(const Element& element, ByteView header) override {
        return action_ == Action::drop ? Result<void>{} : begin(element, header);
    }

    /// What was replaced and is not there any more was edited, too.
    void note_unmet() {
        for (const auto& [path, change] : others_)
            if (change->how == How::replaced && !met_.contains(change)) edited_.push_back(path);
        std::sort(edited_.begin(), edited_.end());
    }

    bool is_sequence(std::uint32_t tag, bool) const override {
        return std::binary_search(sequences_.begin(), sequences_.end(), tag);
    }

    Result<void> begin(const Element& element, ByteView header) {
        action_ = Action::pass;
        if (!std::binary_search(tags_.begin(), tags_.end(), element.tag)) return pass(header);
        const auto found = others_.find(path());
        if (found == others_.end()) return pass(header);
        change_ = found->second;
        met_.insert(change_);
        // Defined lengths around a nested value must hold.
        const bool nested = !change_->path.within.empty();
        const bool comparable = element.form == Form::plain &&
                                element.length <= change_->sealed.size() + most_padding &&
                                (!nested || element.length == change_->original.size());
        if (!comparable) {
            edited_.push_back(change_->path);
            return pass(header);
        }
        action_ = Action::compare;
        element_ = element;
        header_.assign(header.begin(), header.end());
        value_.clear();
        return {};
    }

    Result<void> on_value(ByteView bytes) override {
        if (action_ == Action::pass) return pass(bytes);
        if (action_ == Action::compare) append(value_, bytes);
        return {};
    }

    Result<void> on_end(std::uint32_t) override { return end(); }
    Result<void> end_nested() override { return action_ == Action::compare ? end() : Result<void>{}; }

    Result<void> end() {
        if (std::exchange(action_, Action::pass) != Action::compare) return {};
        Bytes value = value_;
        swap_words(value, element_.word());
        if (!equal_stripped(value, change_->sealed)) {
            edited_.push_back(change_->path);
            passage_.pass(header_);
            return pass(value_);
        }
        if (change_->how == How::added) return {};
        return write(element_.tag, element_.vr_text(), change_->original, element_.encoding);
    }

    /// A little-endian value as an element.
    Result<void> write(std::uint32_t tag, std::string_view vr, Bytes value, Encoding encoding) {
        if (has_short_length(vr) && value.size() > 0xFFFF) vr = "UN";
        if (encoding.big_endian) swap_words(value, word_size(vr));
        Bytes element;
        append_header(element, tag, vr, static_cast<std::uint32_t>(value.size()), encoding);
        append(element, value);
        return pass(element);
    }

    Result<void> put_back_before(std::uint64_t tag) {
        for (; next_ != taken_out_.end() && next_->first < tag; ++next_)
            if (auto done = put_back(*next_->second); !done) return done;
        return {};
    }

    Result<void> put_back(const codec::Change& change) {
        if (tag::is_group_length(change.path.tag) && original_ != syntax_.encoding)
            return {};  // not true any more
        std::string_view vr(change.vr.data(), change.vr.size());
        const bool sequence = vr == "SQ" || change.undefined_length;
        if (!sequence) return write(change.path.tag, vr, change.original, syntax_.encoding);
        // Items without VRs have their place in a UN, those with VRs are written anew.
        const bool with_vrs = vr == "SQ" && original_.explicit_vr;
        if (!with_vrs && syntax_.encoding.explicit_vr) vr = "UN";
        auto items = with_vrs
                         ? transcode_items(change.original, change.undefined_length, {true}, syntax_.encoding)
                         : Result<Bytes>(change.original);
        if (!items) return fail(items.error(), tag::name(change.path.tag) + " cannot be put back");
        Bytes header;
        append_header(header, change.path.tag, vr,
                      change.undefined_length ? undefined_length : static_cast<std::uint32_t>(items->size()),
                      syntax_.encoding);
        passage_.pass(header);
        return pass(*items);
    }

    const Encoding original_;
    const std::vector<codec::Change> changes_;
    std::set<std::uint32_t> groups_;  // with changes at the top level
    std::map<std::uint32_t, const codec::Change*> taken_out_;
    std::map<std::uint32_t, const codec::Change*>::const_iterator next_;
    std::map<codec::Path, const codec::Change*> others_;
    std::vector<std::uint32_t> tags_;       // of the others, ascending
    std::vector<std::uint32_t> sequences_;  // around them, ascending
    std::set<const codec::Change*> met_;    // of the others
    std::vector<codec::Path> edited_;

    Action action_ = Action::pass;           // for the value of the current element
    const codec::Change* change_ = nullptr;  // that is compared with it
    Element element_{};
    Bytes header_, value_;
};

std::optional<std::uint16_t> undone(std::optional<std::uint16_t> value, const codec::Change& change) {
    const bool numbers = change.original.size() == 2 && change.sealed.size() == 2;
    if (!numbers || value != load_le16(change.sealed.data())) return value;
    return load_le16(change.original.data());
}

}  // namespace

std::unique_ptr<Restorer> make_restorer(const TransferSyntax& returned, std::vector<codec::Change> changes,
                                        const TransferSyntax& original) {
    return std::make_unique<StreamRestorer>(returned, std::move(changes), original);
}

codec::BoundContext undone(codec::BoundContext bound, const std::vector<codec::Change>& changes) {
    for (const auto& change : changes) {
        if (!change.path.within.empty() || change.how != How::replaced) continue;
        if (change.path.tag == tag::bits_stored) bound.bits_stored = undone(bound.bits_stored, change);
        if (change.path.tag == tag::high_bit) bound.high_bit = undone(bound.high_bit, change);
    }
    return bound;
}

}  // namespace portcullis::image
