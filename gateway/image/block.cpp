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

void BlockReader::begin(const Element& element) {
    reading_ = Reading::nothing;
    value_.clear();
    if (element.form != Form::plain) return;
    if (!creator_ && is_block_creator(element.tag) && element.length <= longest_creator)
        reading_ = Reading::creator;
    else if (creator_ && element.tag == envelope_tag(*creator_) && element.length <= longest_)
        reading_ = Reading::envelope;
}

void BlockReader::value(ByteView bytes) {
    if (reading_ != Reading::nothing) append(value_, bytes);
}

void BlockReader::end(std::uint32_t tag) {
    const auto read = std::exchange(reading_, Reading::nothing);
    if (read == Reading::creator && names_us(value_)) {
        creator_ = tag;
        envelope_.emplace();
    }
    if (read == Reading::envelope) envelope_ = std::move(value_);
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

bool CreatorQueue::holds_ours() const {
    for (std::size_t i = 0; i < held_.size(); ++i)
        if (is_ours(i)) return true;
    return false;
}

bool CreatorQueue::is_ours(std::size_t held) const {
    const std::size_t end = held + 1 < held_.size() ? held_[held + 1].begin : bytes_.size();
    return names_us(ByteView(bytes_).subspan(held_[held].value, end - held_[held].value));
}

}  // namespace portcullis::image
