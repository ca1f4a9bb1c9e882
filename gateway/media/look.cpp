#include "gateway/media/look.hpp"

#include "codec/envelope.hpp"
#include "gateway/image/block.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"

namespace portcullis::media {

namespace {

/// Of an element that may be a creator: an LO, padded or not, has at most 64 characters (PS3.5 6.2).
constexpr std::uint32_t longest_creator = 256;

/// Finds the block as an opener does: the first creator of ours, and the element that it reserves.
class Look final : public image::Stage<image::Reader> {
  public:
    using Stage::Stage;

    Result<void> finish() override { return finish_scan(); }
    std::string text(std::uint32_t tag) const { return std::string(attributes_.text(tag)); }
    std::optional<Bytes> take_envelope() {
        return creator_ ? std::optional(std::move(envelope_)) : std::nullopt;
    }

  private:
    Result<void> on_begin(const image::Element& element, ByteView) override {
        kept_ = nullptr;
        if (element.form != image::Form::plain) return {};
        const bool may_be_ours =
            !creator_ && image::is_block_creator(element.tag) && element.length <= longest_creator;
        if (may_be_ours) {
            name_.clear();
            kept_ = &name_;
        } else if (creator_ && element.tag == image::envelope_tag(*creator_) &&
                   element.length <= codec::limits::envelope) {
            kept_ = &envelope_;
        }
        return {};
    }
    Result<void> on_value(ByteView bytes) override {
        if (kept_) append(*kept_, bytes);
        return {};
    }
    Result<void> on_end(std::uint32_t tag) override {
        if (kept_ == &name_ && image::names_us(name_)) creator_ = tag;
        kept_ = nullptr;
        return {};
    }
    Result<void> begin_item(std::uint32_t, ByteView) override { return {}; }

    Bytes name_, envelope_;
    Bytes* kept_ = nullptr;  // where the value of the current element goes
    std::optional<std::uint32_t> creator_;
};

}  // namespace

Looked look_through(Source& source, FileHead head) {
    const auto syntax = transfer_syntax_of(head);
    auto owned = std::make_unique<Look>(syntax);
    Look& look = *owned;
    std::unique_ptr<image::Reader> reader = std::move(owned);
    if (syntax.deflated) reader = std::make_unique<image::DeflatedReader>(std::move(reader));
    NullSink nowhere;
    push_all(*reader, source, head, nowhere);
    require(reader->finish(), *reader);
    return {std::move(head),
            syntax,
            look.text(image::tag::sop_class_uid),
            look.text(image::tag::sop_instance_uid),
            look.identifiers(),
            look.take_envelope()};
}

}  // namespace portcullis::media
