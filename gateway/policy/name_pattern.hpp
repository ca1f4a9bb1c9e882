#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace portcullis::policy {

/// A name as an object may carry it (LO, PS3.5 6.2), or, with an asterisk at its begin, its end or both, a
/// part of one. Compared byte by byte, without the spaces around it and without regard to the case of ASCII
/// letters.
class NamePattern {
  public:
    /// Nothing if no name is left without the asterisks, or one is in the middle.
    static std::optional<NamePattern> parse(std::string_view text);
    bool matches(std::string_view name) const;
    const std::string& str() const { return text_; }
    bool operator==(const NamePattern&) const = default;

  private:
    std::string text_;
    std::string part_;  // in lower case, without asterisks
    bool any_before_ = false, any_behind_ = false;
};

}  // namespace portcullis::policy
