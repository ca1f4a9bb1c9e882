#pragma once
// The mark: what Image Comments of a sealed object says to whoever opens it without the gateway (FORMAT.md).
// It proves nothing; that it is there is a reason to look closer.

#include <optional>
#include <string>
#include <string_view>

#include "codec/object.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/image/scan.hpp"

namespace portcullis::image {

/// Bytes of Image Comments that are read; an LT has at most 10240 characters.
inline constexpr std::uint32_t longest_comments = 65536;

/// The mark of an object with this envelope, of even length.
std::string mark_text(const codec::EnvelopeId&, const std::string& gateway_id);
/// Whether there is a mark in the comments, whatever stands around it.
bool holds_mark(std::string_view comments);

/// The envelope id that the mark in the comments names, 32 hex digits; empty if none.
std::string envelope_in_mark(std::string_view comments);

/// Looks for the mark in a data set as its top level passes.
class MarkReader {
  public:
    void begin(const Element&);
    void value(ByteView);
    /// The data set is complete.
    void finish() { passed_ = true; }
    /// Whether the object is marked; nothing while the place of Image Comments has not passed.
    std::optional<bool> marked() const;
    /// Image Comments, as far as they have passed; empty if they are longer than is read.
    const std::string& comments() const { return comments_; }

  private:
    bool passed_ = false;
    bool reading_ = false;
    std::string comments_;
};

}  // namespace portcullis::image
