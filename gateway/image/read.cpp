#include "gateway/image/block.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/mark.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/stage.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t longest_envelope = 4 * 1024 * 1024;  // that is kept, bytes

class StreamReader final : public Stage<Reader> {
  public:
    using Stage::Stage;
    Result<void> finish() override {
        mark_.finish();
        return finish_scan();
    }
    const Bytes* envelope() const override { return block_.envelope() ? &*block_.envelope() : nullptr; }
    std::optional<bool> marked() const override { return mark_.marked(); }
    std::string marked_envelope() const override { return envelope_in_mark(mark_.comments()); }

  private:
    Result<void> on_begin(const Element& element, ByteView header) override {
        block_.begin(element);
        mark_.begin(element);
        return pass(header);
    }
    Result<void> on_value(ByteView bytes) override {
        block_.value(bytes);
        mark_.value(bytes);
        return pass(bytes);
    }
    Result<void> on_end(std::uint32_t tag) override {
        block_.end(tag);
        return {};
    }

    BlockReader block_{longest_envelope};
    MarkReader mark_;
};

}  // namespace

std::unique_ptr<Reader> make_reader(const TransferSyntax& syntax) {
    std::unique_ptr<Reader> reader = std::make_unique<StreamReader>(syntax);
    if (!syntax.deflated) return reader;
    return std::make_unique<DeflatedReader>(std::move(reader));
}

}  // namespace portcullis::image
