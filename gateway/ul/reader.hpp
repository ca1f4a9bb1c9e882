#pragma once
// What the decoder and the encoder of this room share: bytes read with every length checked, items written
// with their lengths filled in. Not for other rooms.

#include <concepts>
#include <stdexcept>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/base/names.hpp"

namespace portcullis::ul {

/// Reads big-endian fields from the front. Past the end it returns zeros and remembers that it did, so that a
/// sequence of fields is read first and judged once, by finish().
class Reader {
  public:
    explicit Reader(ByteView bytes) : rest_(bytes) {}

    std::uint8_t u8() {
        const ByteView field = take(1);
        return field.empty() ? 0 : field[0];
    }
    std::uint16_t u16() {
        const ByteView field = take(2);
        return field.empty() ? 0 : load_be16(field.data());
    }
    std::uint32_t u32() {
        const ByteView field = take(4);
        return field.empty() ? 0 : load_be32(field.data());
    }
    /// All of `size` bytes or, past the end, none.
    ByteView take(std::size_t size);
    ByteView take_rest() { return take(rest_.size()); }
    /// A field of bytes with its 16-bit length before it.
    ByteView take_counted() { return take(u16()); }

    bool more() const { return !overrun_ && !rest_.empty(); }
    /// errc::invalid_length if the fields ran past the end or something is left.
    ErrorCode finish() const;
    bool overrun() const { return overrun_; }

  private:
    ByteView rest_;
    bool overrun_ = false;
};

/// An item or sub-item (PS3.8 9.3.2 ff.): type, a byte that is reserved in all but one, 16-bit length, value.
struct Item {
    std::uint8_t type;
    std::uint8_t reserved;
    ByteView value;
};
/// Errors: errc::invalid_length where the item runs past the end of its parent.
Result<Item> read_item(Reader& from);

/// A UID or name kept as text: without trailing padding; nothing if it is longer than any UID may be.
std::optional<std::string> read_text(ByteView value);
/// A UID as it stands in an item.
inline std::optional<Uid> read_uid(ByteView value) {
    return Uid::parse(as_text(value));
}

/// Appends an item whose value is what `fill` appends. Throws std::length_error over 65,535 bytes.
template <std::invocable Fill>
void append_item(Bytes& out, std::uint8_t type, Fill fill, std::uint8_t reserved = 0) {
    append_u8(out, type);
    append_u8(out, reserved);
    append_be16(out, 0);
    const std::size_t start = out.size();
    fill();
    const std::size_t length = out.size() - start;
    if (length > 0xffff) throw std::length_error("upper layer item over 65535 bytes");
    store_be16(out.data() + start - 2, static_cast<std::uint16_t>(length));
}
void append_item(Bytes& out, std::uint8_t type, ByteView value);
void append_counted(Bytes& out, ByteView value);

}  // namespace portcullis::ul
