#pragma once
// The names that DICOM gives to things, as types with a single way in: what holds one is known to be valid.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portcullis {

/// Application Entity title (PS3.5 6.2, VR AE): 1 to 16 characters of the default repertoire without
/// backslash and control characters; leading and trailing spaces do not count.
class AeTitle {
  public:
    static std::optional<AeTitle> parse(std::string_view text);
    const std::string& str() const { return text_; }
    /// As it stands in an A-ASSOCIATE PDU: 16 bytes, padded with spaces (PS3.8 9.3.2).
    std::string padded() const;
    auto operator<=>(const AeTitle&) const = default;

  private:
    explicit AeTitle(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Unique identifier (PS3.5 9.1): at most 64 digits and dots; one trailing NUL (or space, which real devices
/// send) is padding. Leading zeros, and empty components, are tolerated: ".." is one, and no part of a path.
class Uid {
  public:
    static std::optional<Uid> parse(std::string_view text);
    const std::string& str() const { return text_; }
    auto operator<=>(const Uid&) const = default;

  private:
    explicit Uid(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Presentation context id: odd, 1 to 255 (PS3.8 9.3.2.2).
class ContextId {
  public:
    static std::optional<ContextId> parse(unsigned value);
    std::uint8_t value() const { return value_; }
    auto operator<=>(const ContextId&) const = default;

  private:
    explicit ContextId(std::uint8_t value) : value_(value) {}
    std::uint8_t value_;
};

/// Message ID of a DIMSE request (PS3.7 9.1): any 16-bit number, unique among the requests in flight.
enum class MessageId : std::uint16_t {};

}  // namespace portcullis
