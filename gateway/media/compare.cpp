#include "gateway/media/compare.hpp"

#include <algorithm>

namespace portcullis::media {

namespace {

/// What of the head stands at the front of `bytes`, taken from both.
ByteView take_head(ByteView& bytes, std::size_t& head_left) {
    const auto head = bytes.first(std::min(head_left, bytes.size()));
    bytes = bytes.subspan(head.size());
    head_left -= head.size();
    return head;
}

}  // namespace

ByteView InflatedSource::next() {
    while (is_sound_) {
        if (const auto head = take_head(rest_, head_left_); !head.empty()) return head;
        const auto piece = inflater_.next(rest_);
        if (piece && !piece->empty()) return *piece;
        is_sound_ = piece.has_value();
        if (is_sound_ && (rest_ = file_.next()).empty()) {
            is_sound_ = inflater_.finish().has_value();
            break;
        }
    }
    return {};
}

void Comparer::write(ByteView bytes) {
    while (equal_ && !bytes.empty()) {
        if (block_.empty()) block_ = next_();
        const auto count = std::min(block_.size(), bytes.size());
        equal_ = count > 0 && std::equal(block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(count),
                                         bytes.begin());
        block_ = block_.subspan(count);
        bytes = bytes.subspan(count);
    }
}

void InflatingSink::write(ByteView bytes) {
    if (const auto head = take_head(bytes, head_left_); !head.empty()) out_.write(head);
    while (is_sound_) {
        const auto piece = inflater_.next(bytes);
        is_sound_ = piece.has_value();
        if (!piece || piece->empty()) return;
        out_.write(*piece);
    }
}

}  // namespace portcullis::media
