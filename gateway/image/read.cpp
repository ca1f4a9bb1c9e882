#include "gateway/image/block.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/stage.hpp"

namespace portcullis::image {

namespace {

class StreamReader final : public Stage<Reader> {
  public:
    using Stage::Stage;
    Result<void> finish() override { return finish_scan(); }
    bool holds_envelope() const override { return holds_envelope_; }

  private:
    Result<void> on_begin(const Element& element, ByteView header) override {
        reads_creator_ =
            is_block_creator(element.tag) && element.form == Form::plain && element.length <= longest_creator;
        creator_.clear();
        return pass(header);
    }
    Result<void> on_value(ByteView bytes) override {
        if (reads_creator_) append(creator_, bytes);
        return pass(bytes);
    }
    Result<void> on_end(std::uint32_t) override {
        holds_envelope_ |= reads_creator_ && names_us(creator_);
        reads_creator_ = false;
        return {};
    }

    bool reads_creator_ = false;
    Bytes creator_;
    bool holds_envelope_ = false;
};

}  // namespace

std::unique_ptr<Reader> make_reader(const TransferSyntax& syntax) {
    std::unique_ptr<Reader> reader = std::make_unique<StreamReader>(syntax);
    if (!syntax.deflated) return reader;
    return std::make_unique<DeflatedReader>(std::move(reader));
}

}  // namespace portcullis::image
