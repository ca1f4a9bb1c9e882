#pragma once
// Where a data set has what is sealed: for tests that look at it or change it.

#include <vector>

#include "gateway/image/block.hpp"
#include "gateway/image/regions.hpp"
#include "gateway/image/scan.hpp"

namespace portcullis::image::test {

struct Range {
    std::size_t offset, length;
};

/// The plain values that are sealed and the fragments (without the offset table), in order, at any depth.
class PixelFinder final : public ScanHandler {
  public:
    Result<void> begin_element(const Element& element, ByteView header) override {
        offset_ += header.size();
        items_ = 0;
        const bool envelope = (element.tag & 0xFFFF00FF) == envelope_tag(0x7FE10000);  // of any block
        if (region_kind(element) && element.form == Form::plain && !envelope)
            ranges.push_back({offset_, element.length});
        return {};
    }
    Result<void> begin_nested(const Element& element, ByteView header) override {
        return begin_element(element, header);
    }
    Result<void> begin_nested_item(std::uint32_t length, ByteView header) override {
        return begin_item(length, header);
    }
    Result<void> value(ByteView bytes) override {
        offset_ += bytes.size();
        return {};
    }
    Result<void> end_element() override { return {}; }
    Result<void> begin_item(std::uint32_t length, ByteView header) override {
        offset_ += header.size();
        if (items_++ > 0) ranges.push_back({offset_, length});
        return {};
    }
    Result<void> end_item() override { return {}; }

    std::vector<Range> ranges;

  private:
    std::size_t offset_ = 0;
    int items_ = 0;
};

inline std::vector<Range> pixel_ranges(Encoding encoding, ByteView data_set) {
    PixelFinder finder;
    Scanner scanner(encoding, finder);
    (void)scanner.push(data_set);
    return finder.ranges;
}

}  // namespace portcullis::image::test
