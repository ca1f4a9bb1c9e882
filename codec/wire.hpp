#pragma once
// The envelope's integers and strings: everything big-endian, everything with its length before it
// (FORMAT.md, conventions).

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::codec {

using ByteVector = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

inline ByteSpan bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Appends to a vector.
class WireWriter {
  public:
    explicit WireWriter(ByteVector& out) : out_(out) {}

    template <std::unsigned_integral T>
    void number(T value) {
        for (std::size_t i = sizeof(T); i-- > 0;) {
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        }
    }
    /// Seven bits a byte, the least significant first, the top bit set on all bytes but the last.
    void varint(std::uint64_t value) {
        for (; value > 0x7F; value >>= 7) out_.push_back(static_cast<std::uint8_t>(value | 0x80));
        out_.push_back(static_cast<std::uint8_t>(value));
    }
    void bytes(ByteSpan data) { out_.insert(out_.end(), data.begin(), data.end()); }
    /// A string of at most 255 bytes: its length in one byte, then itself.
    void text(std::string_view text) {
        number(static_cast<std::uint8_t>(text.size()));
        bytes(bytes_of(text));
    }
    /// For AAD and HKDF's info: the length in four bytes, then the field.
    void field(ByteSpan data) {
        number(static_cast<std::uint32_t>(data.size()));
        bytes(data);
    }

  private:
    ByteVector& out_;
};

/// Reads within a span. After the first thing that does not fit, everything read is zero or empty and ok() is
/// false, so that a parser may check once per record.
class WireReader {
  public:
    explicit WireReader(ByteSpan in) : in_(in) {}

    bool ok() const { return ok_; }
    std::size_t remaining() const { return in_.size(); }
    ByteSpan rest() const { return in_; }
    void fail() {
        ok_ = false;
        in_ = {};
    }

    ByteSpan bytes(std::size_t size) {
        if (size > in_.size()) {
            fail();
            return {};
        }
        const auto taken = in_.first(size);
        in_ = in_.subspan(size);
        return taken;
    }
    template <std::unsigned_integral T>
    T number() {
        std::uint64_t value = 0;
        for (const auto byte : bytes(sizeof(T))) value = value << 8 | byte;
        return static_cast<T>(value);
    }
    /// Only the shortest form is accepted, and nothing over 63 bits.
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            const auto byte = number<std::uint8_t>();
            value |= std::uint64_t{byte & 0x7Fu} << shift;
            if (byte & 0x80) continue;
            if (byte == 0 && shift > 0) break;
            return value;
        }
        fail();
        return 0;
    }
    template <std::size_t N>
    std::array<std::uint8_t, N> array() {
        std::array<std::uint8_t, N> out{};
        const auto taken = bytes(N);
        std::copy(taken.begin(), taken.end(), out.begin());
        return out;
    }
    std::string text() {
        const auto taken = bytes(number<std::uint8_t>());
        return {taken.begin(), taken.end()};
    }

  private:
    ByteSpan in_;
    bool ok_ = true;
};

}  // namespace portcullis::codec
