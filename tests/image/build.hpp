#pragma once
// Data sets written by hand, so that a test can also write what no library would.

#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace portcullis::image::test {

inline constexpr std::uint32_t undefined = 0xFFFFFFFF;

class DataSet {
  public:
    explicit DataSet(bool explicit_vr) : explicit_vr_(explicit_vr) {}

    /// A header alone, with any length.
    DataSet& header(std::uint32_t tag, std::string_view vr, std::uint32_t length) {
        append_tag(tag);
        if (!explicit_vr_) {
            append_le32(bytes, length);
            return *this;
        }
        append(bytes, as_bytes(vr));
        constexpr std::string_view longs = "OB OW OF OD OL OV SQ UC UN UR UT SV UV";
        if (longs.find(vr) == std::string_view::npos) {
            append_le16(bytes, static_cast<std::uint16_t>(length));
        } else {
            append_le16(bytes, 0);
            append_le32(bytes, length);
        }
        return *this;
    }
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
        append_le16(bytes, value);
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
        append_le32(bytes, length);
        return *this;
    }

    Bytes bytes;

  private:
    void append_tag(std::uint32_t tag) {
        append_le16(bytes, static_cast<std::uint16_t>(tag >> 16));
        append_le16(bytes, static_cast<std::uint16_t>(tag & 0xFFFF));
    }

    bool explicit_vr_;
};

}  // namespace portcullis::image::test
