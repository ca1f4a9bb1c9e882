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
    return std::make_unique<StreamReader>(syntax);
}

}  // namespace portcullis::image
