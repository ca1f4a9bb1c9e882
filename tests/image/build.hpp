#pragma once
// Data sets written by hand, so that a test can also write what no library would.

#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"
#include "gateway/image/encoding.hpp"

namespace portcullis::image::test {

inline constexpr std::uint32_t undefined = 0xFFFFFFFF;

class DataSet {
  public:
    explicit DataSet(Encoding encoding) : encoding_(encoding) {}
    /// Little Endian.
    explicit DataSet(bool explicit_vr) : DataSet(Encoding{explicit_vr}) {}

    /// A header alone, with any length.
    DataSet& header(std::uint32_t tag, std::string_view vr, std::uint32_t length) {
        append_tag(tag);
        if (!encoding_.explicit_vr) {
            append32(length);
            return *this;
        }
        append(bytes, as_bytes(vr));
        constexpr std::string_view longs = "OB OW OF OD OL OV SQ UC UN UR UT SV UV";
        if (longs.find(vr) == std::string_view::npos) {
            append16(length);
        } else {
            append16(0);
            append32(length);
        }
        return *this;
    }
    /// The value as it stands: its words are in the order of the data set.
    DataSet& element(std::uint32_t tag, std::string_view vr, ByteView value) {
        header(tag, vr, static_cast<std::uint32_t>(value.size()));
        append(bytes, value);
        return *this;
    }
    DataSet& element(std::uint32_t tag, std::string_view vr, std::string_view value) {
        return element(tag, vr, as_bytes(value));
    }
    DataSet& uid(std::uint32_t tag, std::string text) {
        if (text.size() % 2 != 0) text += '\0';
        return element(tag, "UI", text);
    }
    DataSet& us(std::uint32_t tag, std::uint16_t value) {
        header(tag, "US", 2);
        append16(value);
        return *this;
    }
    /// Items and delimitations have no VR in either encoding (PS3.5 7.5).
    DataSet& item(std::uint32_t length = undefined) { return marker(0xFFFEE000, length); }
    DataSet& fragment(ByteView value) {
        item(static_cast<std::uint32_t>(value.size()));
        append(bytes, value);
        return *this;
    }
    DataSet& end_item() { return marker(0xFFFEE00D, 0); }
    DataSet& end_sequence() { return marker(0xFFFEE0DD, 0); }
    DataSet& marker(std::uint32_t tag, std::uint32_t length) {
        append_tag(tag);
        append32(length);
        return *this;
    }

    Bytes bytes;

  private:
    void append_tag(std::uint32_t tag) {
        append16(tag >> 16);
        append16(tag & 0xFFFF);
    }
    void append16(std::uint32_t value) {
        const auto half = static_cast<std::uint16_t>(value);
        encoding_.big_endian ? append_be16(bytes, half) : append_le16(bytes, half);
    }
    void append32(std::uint32_t value) {
        encoding_.big_endian ? append_be32(bytes, value) : append_le32(bytes, value);
    }

    Encoding encoding_;
};

/// One item, as the value of a sequence.
inline Bytes item_of(Encoding encoding, const Bytes& content, bool defined) {
    DataSet value(encoding);
    value.item(defined ? static_cast<std::uint32_t>(content.size()) : undefined);
    append(value.bytes, content);
    if (!defined) value.end_item();
    return value.bytes;
}

/// A sequence of one item.
inline Bytes sequence_of(Encoding encoding, std::uint32_t tag, const Bytes& content, bool defined) {
    const Bytes value = item_of(encoding, content, defined);
    DataSet sequence(encoding);
    sequence.header(tag, "SQ", defined ? static_cast<std::uint32_t>(value.size()) : undefined);
    append(sequence.bytes, value);
    if (!defined) sequence.end_sequence();
    return sequence.bytes;
}

}  // namespace portcullis::image::test
