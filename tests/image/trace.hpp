#pragma once
// What a scanner told, as text, one line per event; of values the length, so that the trace does not depend
// on how the bytes were cut; the bytes themselves are kept beside it.

#include <string>

#include "gateway/image/scan.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image::test {

class Trace final : public ScanHandler {
  public:
    Result<void> begin_element(const Element& element, ByteView header) override {
        static constexpr const char* forms[] = {"plain", "sequence", "fragments"};
        line(tag::name(element.tag) + " " + forms[static_cast<int>(element.form)]);
        return take(header);
    }
    Result<void> value(ByteView part) override {
        length_ += part.size();
        return take(part);
    }
    Result<void> end_element() override {
        line("end");
        return {};
    }
    Result<void> begin_item(std::uint32_t length, ByteView header) override {
        line("item " + std::to_string(length));
        return take(header);
    }
    Result<void> end_item() override {
        line("end item");
        return {};
    }

    std::string text;
    Bytes bytes;  // all that was told

  private:
    Result<void> take(ByteView part) {
        append(bytes, part);
        return {};
    }
    void line(const std::string& event) {
        if (length_ > 0) text += std::to_string(length_) + " bytes\n";
        length_ = 0;
        text += event + "\n";
    }

    std::size_t length_ = 0;
};

}  // namespace portcullis::image::test
