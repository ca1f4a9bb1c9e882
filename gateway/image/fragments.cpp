#include "gateway/image/fragments.hpp"

#include <algorithm>
#include <functional>

#include "gateway/image/error.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t item_header = 8;  // bytes, which the tables count

std::vector<std::uint64_t> offsets(ByteView table, std::size_t width) {
    std::vector<std::uint64_t> starts;
    starts.reserve(table.size() / width);
    for (; !table.empty(); table = table.subspan(width)) {
        std::uint64_t start = load_le32(table.data());
        if (width == 8) start |= std::uint64_t{load_le32(&table[4])} << 32;
        starts.push_back(start);
    }
    return starts;
}

}  // namespace

Result<void> FragmentSorter::begin(std::uint32_t frames, ByteView basic_table, ByteView extended_table) {
    frames_ = frames;
    if (frames == 1) return {};
    const bool basic = !basic_table.empty();
    const ByteView table = basic ? basic_table : extended_table;
    if (table.empty()) return {};
    const std::size_t width = basic ? 4 : 8;
    if (table.size() != std::uint64_t{frames} * width) return errc::malformed;
    starts_ = offsets(table, width);
    const auto disorder = std::adjacent_find(starts_.begin(), starts_.end(), std::greater_equal<>());
    if (starts_.front() != 0 || disorder != starts_.end()) return errc::malformed;
    return {};
}

Result<bool> FragmentSorter::begin_fragment(std::uint32_t length) {
    const std::uint64_t at = position_;
    position_ += item_header + length;
    const bool first = begun_ == 0 || (has_table() ? begun_ < frames_ && at >= starts_[begun_] : frames_ > 1);
    if (!first) return false;
    if (begun_ == frames_ || (has_table() && at != starts_[begun_])) return errc::malformed;
    ++begun_;
    return true;
}

Result<void> FragmentSorter::end() const {
    if (begun_ != frames_) return errc::malformed;
    return {};
}

}  // namespace portcullis::image
