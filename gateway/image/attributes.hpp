#pragma once
// The few top-level attributes that the gateway reads while a data set passes: who the object is, the bound
// and the recorded context. Of each value at most longest_value bytes are kept.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/object.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// Bytes. LO has at most 64 characters, an orientation 6 numbers of 16; the envelope takes names of 255.
inline constexpr std::size_t longest_value = 255;

/// Without the spaces or NULs that make a value even (PS3.5 6.2).
std::string_view without_padding(std::string_view value);

class Attributes {
  public:
    void begin(const Element&);
    void value(ByteView);
    void end();
    /// No element follows.
    void finish() { identifiers_.described = identifiers_.complete = true; }

    const Identifiers& identifiers() const { return identifiers_; }
    /// A value that cannot be read as what it should be counts as absent, like an empty one.
    codec::BoundContext bound(const TransferSyntax&) const;
    /// The values that are there and not empty, in the order of their tags.
    codec::RecordedContext recorded() const;
    /// One binary number (US, PS3.5 6.2).
    std::optional<std::uint16_t> us(std::uint32_t tag) const;
    /// Without padding; empty if absent.
    std::string_view text(std::uint32_t tag) const;

  private:
    void identify(std::uint32_t tag);
    std::optional<std::int64_t> is(std::uint32_t tag) const;
    std::string_view bytes(std::uint32_t tag) const;

    std::vector<std::pair<std::uint32_t, std::string>> values_;  // in Little Endian
    bool capturing_ = false;                                     // the last one is not complete
    std::size_t word_ = 1;                                       // of the last one
    Identifiers identifiers_;
};

/// Tags of the recorded context whose values differ.
std::vector<std::uint32_t> differing(const codec::RecordedContext& sealed,
                                     const codec::RecordedContext& returned);

}  // namespace portcullis::image
