#include "gateway/scu/identifier.hpp"

#include "gateway/image/attributes.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::scu {

namespace {

constexpr image::Encoding implicit{false};

class Reading final : public image::ScanHandler {
  public:
    Result<void> begin_element(const image::Element& element, ByteView) override {
        current_ = element.form == image::Form::plain ? &values[element.tag] : nullptr;
        return {};
    }
    Result<void> value(ByteView bytes) override {
        if (current_) current_->append(as_text(bytes));
        return {};
    }
    Result<void> end_element() override {
        if (current_) *current_ = image::without_padding(std::string(*current_));
        return {};
    }
    Result<void> begin_item(std::uint32_t, ByteView) override { return {}; }
    Result<void> end_item() override { return {}; }

    Keys values;

  private:
    std::string* current_ = nullptr;
};

/// UIDs are made even with a NUL, everything else with a space (PS3.5 6.2).
bool is_uid(std::uint32_t tag) {
    return tag == image::tag::sop_instance_uid || tag == image::tag::study_instance_uid ||
           tag == image::tag::series_instance_uid;
}

}  // namespace

Bytes write_identifier(const Keys& keys) {
    Bytes identifier;
    for (const auto& [tag, text] : keys) {
        auto value = text;
        if (value.size() % 2 != 0) value += is_uid(tag) ? '\0' : ' ';
        image::append_header(identifier, tag, {}, static_cast<std::uint32_t>(value.size()), implicit);
        append(identifier, as_bytes(value));
    }
    return identifier;
}

Result<Keys> read_identifier(ByteView identifier) {
    Reading reading;
    image::Scanner scanner(implicit, reading);
    if (auto scanned = scanner.push(identifier); !scanned) return scanned.error();
    if (auto finished = scanner.finish(); !finished) return finished.error();
    return std::move(reading.values);
}

}  // namespace portcullis::scu
