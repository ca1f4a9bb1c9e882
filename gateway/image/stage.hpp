#pragma once
// What Reader, Sealer and Opener share: bytes are scanned, attributes are read as they pass, the first
// failure stays. `Interface` is the one of the three that is implemented.

#include <string>

#include "gateway/image/attributes.hpp"
#include "gateway/image/passage.hpp"
#include "gateway/image/scan.hpp"

namespace portcullis::image {

template <class Interface>
class Stage : public Interface, protected ScanHandler {
  public:
    explicit Stage(const TransferSyntax& syntax) : syntax_(syntax), scanner_(syntax.encoding, *this) {}

    Result<void> push(ByteView bytes, ByteSink& out) final {
        passage_.begin(bytes, out);
        auto done = scanner_.push(bytes);
        passage_.end();
        return done;
    }
    const Identifiers& identifiers() const final { return attributes_.identifiers(); }
    const std::string& failure_detail() const final {
        return failure_detail_.empty() ? scanner_.failure_detail() : failure_detail_;
    }

  protected:
    /// All that is not overridden passes.
    virtual Result<void> on_begin(const Element&, ByteView header) { return pass(header); }
    virtual Result<void> on_value(ByteView bytes) { return pass(bytes); }
    virtual Result<void> on_end(std::uint32_t) { return {}; }
    Result<void> begin_item(std::uint32_t, ByteView header) override { return pass(header); }
    Result<void> end_item() override { return {}; }

    Result<void> finish_scan() {
        if (auto done = scanner_.finish(); !done) return done;
        attributes_.finish();
        return {};
    }
    /// Of the element or fragment that passes.
    codec::Path path() const { return scanner_.path(); }
    Result<void> pass(ByteView bytes) {
        passage_.pass(bytes);
        return {};
    }
    Result<void> fail(ErrorCode error, std::string detail) {
        failure_detail_ = std::move(detail);
        return error;
    }

    const TransferSyntax syntax_;
    Attributes attributes_;
    Passage passage_;

  private:
    Result<void> begin_element(const Element& element, ByteView header) final {
        tag_ = element.tag;
        attributes_.begin(element);
        return on_begin(element, header);
    }
    Result<void> value(ByteView bytes) final {
        attributes_.value(bytes);
        return on_value(bytes);
    }
    Result<void> end_element() final {
        attributes_.end();
        return on_end(tag_);
    }

    Scanner scanner_;
    std::uint32_t tag_ = 0;
    std::string failure_detail_;
};

}  // namespace portcullis::image
