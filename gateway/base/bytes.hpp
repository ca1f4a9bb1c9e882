#pragma once
// Bytes and views over them. Nothing here owns what it looks at, except `Bytes`.

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace portcullis {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Unsigned integers at the front of `bytes`; the caller has checked that they are there.
inline std::uint16_t load_be16(const std::uint8_t* p) {
    return static_cast<std::uint16_t>(p[0] << 8 | p[1]);
}
inline std::uint32_t load_be32(const std::uint8_t* p) {
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}
inline std::uint16_t load_le16(const std::uint8_t* p) {
    return static_cast<std::uint16_t>(p[1] << 8 | p[0]);
}
inline std::uint32_t load_le32(const std::uint8_t* p) {
    return std::uint32_t{p[3]} << 24 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[1]} << 8 | p[0];
}

/// Writes over bytes that are there already, as when a length is known only after what it counts.
inline void store_be16(std::uint8_t* p, std::uint16_t value) {
    p[0] = static_cast<std::uint8_t>(value >> 8);
    p[1] = static_cast<std::uint8_t>(value);
}
inline void store_be32(std::uint8_t* p, std::uint32_t value) {
    store_be16(p, static_cast<std::uint16_t>(value >> 16));
    store_be16(p + 2, static_cast<std::uint16_t>(value));
}

inline void append_u8(Bytes& out, std::uint8_t value) {
    out.push_back(value);
}
inline void append_be16(Bytes& out, std::uint16_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
}
inline void append_be32(Bytes& out, std::uint32_t value) {
    append_be16(out, static_cast<std::uint16_t>(value >> 16));
    append_be16(out, static_cast<std::uint16_t>(value));
}
inline void append_le16(Bytes& out, std::uint16_t value) {
    out.push_back(static_cast<std::uint8_t>(value));
    out.push_back(static_cast<std::uint8_t>(value >> 8));
}
inline void append_le32(Bytes& out, std::uint32_t value) {
    append_le16(out, static_cast<std::uint16_t>(value));
    append_le16(out, static_cast<std::uint16_t>(value >> 16));
}

/// Where a stage that works on a stream puts what it lets through, in order.
class ByteSink {
  public:
    virtual ~ByteSink() = default;
    /// The bytes are valid only during the call.
    virtual void write(ByteView bytes) = 0;
};

/// Collects everything that is written.
class ByteCollector final : public ByteSink {
  public:
    void write(ByteView bytes) override { append(collected, bytes); }
    Bytes collected;
};

}  // namespace portcullis
