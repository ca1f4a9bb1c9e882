#include "gateway/image/deflated.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/stage.hpp"

namespace portcullis::image {

namespace {

class StreamReader final : public Stage<Reader> {
  public:
    using Stage::Stage;
    Result<void> finish() override { return finish_scan(); }
};

}  // namespace

std::unique_ptr<Reader> make_reader(const TransferSyntax& syntax) {
    std::unique_ptr<Reader> reader = std::make_unique<StreamReader>(syntax);
    if (!syntax.deflated) return reader;
    return std::make_unique<DeflatedReader>(std::move(reader));
}

}  // namespace portcullis::image
