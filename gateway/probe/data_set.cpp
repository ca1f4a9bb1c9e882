#include "gateway/probe/data_set.hpp"

#include "gateway/image/attributes.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/image/scan.hpp"

namespace portcullis::probe {

namespace {

constexpr std::uint64_t most_inflated = std::uint64_t{64} * 1024 * 1024;

class Reading final : public image::ScanHandler {
  public:
    void follow(const image::Scanner& scanner) { scanner_ = &scanner; }
    DataSet take() { return std::move(values_); }

    Result<void> begin_element(const image::Element& element, ByteView) override { return begin(element); }
    Result<void> begin_nested(const image::Element& element, ByteView) override { return begin(element); }
    Result<void> value(ByteView bytes) override {
        if (current_) append(*current_, bytes);
        return {};
    }
    Result<void> end_element() override { return end(); }
    Result<void> end_nested() override { return end(); }
    Result<void> begin_item(std::uint32_t, ByteView) override {
        current_ = &element_->items.emplace_back();
        return {};
    }
    Result<void> end_item() override {
        current_ = nullptr;
        return {};
    }
    Result<void> begin_nested_item(std::uint32_t, ByteView) override { return {}; }

  private:
    Result<void> begin(const image::Element& element) {
        element_ = &values_[scanner_->path()];
        element_->vr = element.vr_text();
        element_->encapsulated = element.form == image::Form::fragments;
        word_ = element.word();
        current_ = element.form == image::Form::plain ? &element_->bytes : nullptr;
        return {};
    }
    Result<void> end() {
        if (current_) image::swap_words(*current_, word_);
        current_ = nullptr;
        return {};
    }

    const image::Scanner* scanner_ = nullptr;
    DataSet values_;
    Value* element_ = nullptr;  // that began last
    Bytes* current_ = nullptr;  // where bytes go; nullptr: they are no value
    std::size_t word_ = 1;
};

Result<DataSet> read_plain(ByteView bytes, image::Encoding encoding) {
    Reading reading;
    image::Scanner scanner(encoding, reading);
    reading.follow(scanner);
    if (auto scanned = scanner.push(bytes); !scanned) return scanned.error();
    if (auto finished = scanner.finish(); !finished) return finished.error();
    return reading.take();
}

}  // namespace

Result<DataSet> read_data_set(ByteView bytes, const image::TransferSyntax& syntax) {
    if (!syntax.deflated) return read_plain(bytes, syntax.encoding);
    const auto inflated = image::inflated(bytes, most_inflated);
    if (!inflated) return inflated.error();
    return read_plain(*inflated, syntax.encoding);
}

const Value* find(const DataSet& data_set, std::uint32_t tag) {
    const auto found = data_set.find({{}, tag});
    return found == data_set.end() ? nullptr : &found->second;
}

std::string text_of(const DataSet& data_set, std::uint32_t tag) {
    const auto* value = find(data_set, tag);
    return value ? std::string(image::without_padding(as_text(value->bytes))) : std::string();
}

}  // namespace portcullis::probe
