#include "gateway/image/block.hpp"

#include <algorithm>

#include "gateway/image/attributes.hpp"
#include "gateway/image/element.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t most_held = 64 * 1024;

Bytes creator_element(std::uint32_t tag, Encoding encoding) {
    static_assert(creator_name.size() % 2 == 0, "needs no padding");
    Bytes element;
    append_header(element, tag, "LO", creator_name.size(), encoding);
    append(element, as_bytes(creator_name));
    return element;
}

}  // namespace

bool names_us(ByteView creator) {
    return without_padding(as_text(creator)) == creator_name;
}

bool CreatorQueue::begin(std::uint32_t tag, ByteView header) {
    held_.push_back({tag, bytes_.size(), bytes_.size() + header.size()});
    return add(header);
}

bool CreatorQueue::add(ByteView bytes) {
    if (bytes.size() > most_held - bytes_.size()) return false;
    append(bytes_, bytes);
    return true;
}

Bytes CreatorQueue::with_ours() const {
    const std::uint32_t tag = ours().value();
    const auto next =
        std::find_if(held_.begin(), held_.end(), [&](const Held& held) { return held.tag > tag; });
    const auto at = static_cast<std::ptrdiff_t>(next == held_.end() ? bytes_.size() : next->begin);
    Bytes bytes(bytes_.begin(), bytes_.begin() + at);
    append(bytes, creator_element(tag, encoding_));
    bytes.insert(bytes.end(), bytes_.begin() + at, bytes_.end());
    return bytes;
}

std::optional<std::uint32_t> CreatorQueue::ours() const {
    std::uint32_t free = last_creator;
    for (std::size_t i = held_.size(); i-- > 0;)
        if (held_[i].tag == free || is_ours(i)) free = held_[i].tag - 1;
    if (free < first_creator) return std::nullopt;
    return free;
}

bool CreatorQueue::is_ours(std::size_t held) const {
    const std::size_t end = held + 1 < held_.size() ? held_[held + 1].begin : bytes_.size();
    return names_us(ByteView(bytes_).subspan(held_[held].value, end - held_[held].value));
}

}  // namespace portcullis::image
