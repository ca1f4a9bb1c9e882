#include <utility>

#include "gateway/image/block.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/stage.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t longest_envelope = 4 * 1024 * 1024;  // that is kept, bytes

class StreamReader final : public Stage<Reader> {
  public:
    using Stage::Stage;
    Result<void> finish() override { return finish_scan(); }
    const Bytes* envelope() const override { return envelope_ ? &*envelope_ : nullptr; }

  private:
    enum class Action { pass, read_creator, read_envelope };

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = Action::pass;
        if (element.form != Form::plain) return pass(header);
        if (!creator_ && is_block_creator(element.tag) && element.length <= longest_creator)
            action_ = Action::read_creator;
        else if (creator_ && element.tag == envelope_tag(*creator_) && element.length <= longest_envelope)
            action_ = Action::read_envelope;
        value_.clear();
        return pass(header);
    }
    Result<void> on_value(ByteView bytes) override {
        if (action_ != Action::pass) append(value_, bytes);
        return pass(bytes);
    }
    Result<void> on_end(std::uint32_t tag) override {
        const auto done = std::exchange(action_, Action::pass);
        if (done == Action::read_creator && names_us(value_)) {
            creator_ = tag;
            envelope_.emplace();
        }
        if (done == Action::read_envelope) envelope_ = std::move(value_);
        return {};
    }

    Action action_ = Action::pass;          // for the value of the current element
    Bytes value_;                           // what is read of it
    std::optional<std::uint32_t> creator_;  // tag of ours
    std::optional<Bytes> envelope_;
};

}  // namespace

std::unique_ptr<Reader> make_reader(const TransferSyntax& syntax) {
    std::unique_ptr<Reader> reader = std::make_unique<StreamReader>(syntax);
    if (!syntax.deflated) return reader;
    return std::make_unique<DeflatedReader>(std::move(reader));
}

}  // namespace portcullis::image
