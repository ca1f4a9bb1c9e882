#include "gateway/media/compare.hpp"

#include <algorithm>

namespace portcullis::media {

void Comparer::write(ByteView bytes) {
    while (equal_ && !bytes.empty()) {
        if (block_.empty()) block_ = file_.next();
        const auto count = std::min(block_.size(), bytes.size());
        equal_ = count > 0 && std::equal(block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(count),
                                         bytes.begin());
        block_ = block_.subspan(count);
        bytes = bytes.subspan(count);
        compared_ += count;
    }
}

}  // namespace portcullis::media
