#pragma once
// Where the pixels of a data set are: for tests that look at them or change them.

#include <vector>

#include "gateway/image/pixels.hpp"
#include "gateway/image/scan.hpp"

namespace portcullis::image::test {

struct Range {
    std::size_t offset, length;
};

/// The values of native pixel data and the fragments (without the offset table), in order.
class PixelFinder final : public ScanHandler {
  public:
    Result<void> begin_element(const Element& element, ByteView header) override {
        offset_ += header.size();
        items_ = 0;
        if (is_pixel_data(element.tag) && element.form == Form::plain)
            ranges.push_back({offset_, element.length});
        return {};
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

inline std::vector<Range> pixel_ranges(bool explicit_vr, ByteView data_set) {
    PixelFinder finder;
    Scanner scanner(explicit_vr, finder);
    (void)scanner.push(data_set);
    return finder.ranges;
}

}  // namespace portcullis::image::test
