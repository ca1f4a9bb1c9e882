#include "gateway/ul/reader.hpp"

#include "gateway/ul/error.hpp"

namespace portcullis::ul {

ByteView Reader::take(std::size_t size) {
    if (size > rest_.size()) {
        overrun_ = true;
        rest_ = {};
        return {};
    }
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
}

ErrorCode Reader::finish() const {
    if (overrun_ || !rest_.empty()) return errc::invalid_length;
    return {};
}

Result<Item> read_item(Reader& from) {
    Item item{};
    item.type = from.u8();
    item.reserved = from.u8();
    item.value = from.take_counted();
    if (from.overrun()) return errc::invalid_length;
    return item;
}

std::optional<std::string> read_text(ByteView value) {
    std::string_view text = as_text(value);
    while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
    if (text.size() > 64) return std::nullopt;
    return std::string(text);
}

void append_item(Bytes& out, std::uint8_t type, ByteView value) {
    append_item(out, type, [&] { append(out, value); });
}

void append_counted(Bytes& out, ByteView value) {
    if (value.size() > 0xffff) throw std::length_error("upper layer field over 65535 bytes");
    append_be16(out, static_cast<std::uint16_t>(value.size()));
    append(out, value);
}

}  // namespace portcullis::ul
