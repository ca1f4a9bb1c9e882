#include "gateway/media/look.hpp"

#include "codec/envelope.hpp"
#include "gateway/base/nowhere.hpp"
#include "gateway/image/block.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"

namespace portcullis::media {

namespace {

/// Reads who the object is and its block; nothing goes on.
class Look final : public image::Stage<image::Reader> {
  public:
    using Stage::Stage;

    Result<void> finish() override { return finish_scan(); }
    std::string text(std::uint32_t tag) const { return std::string(attributes_.text(tag)); }
    const Bytes* envelope() const override { return block_.envelope() ? &*block_.envelope() : nullptr; }

  private:
    Result<void> on_begin(const image::Element& element, ByteView) override {
        block_.begin(element);
        return {};
    }
    Result<void> on_value(ByteView bytes) override {
        block_.value(bytes);
        return {};
    }
    Result<void> on_end(std::uint32_t tag) override {
        block_.end(tag);
        return {};
    }
    Result<void> begin_item(std::uint32_t, ByteView) override { return {}; }

    image::BlockReader block_{codec::limits::envelope};
};

}  // namespace

Looked look_through(Source& source, FileHead head) {
    const auto syntax = transfer_syntax_of(head);
    auto owned = std::make_unique<Look>(syntax);
    Look& look = *owned;
    std::unique_ptr<image::Reader> reader = std::move(owned);
    if (syntax.deflated) reader = std::make_unique<image::DeflatedReader>(std::move(reader));
    Nowhere nowhere;
    push_all(*reader, source, head, nowhere);
    require(reader->finish(), *reader);
    return {std::move(head),
            syntax,
            look.text(image::tag::sop_class_uid),
            look.text(image::tag::sop_instance_uid),
            look.identifiers(),
            look.envelope() ? std::optional(*look.envelope()) : std::nullopt};
}

}  // namespace portcullis::media
