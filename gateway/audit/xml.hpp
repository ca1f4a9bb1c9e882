#pragma once
// XML 1.0 in one line, in UTF-8.

#include <string>
#include <string_view>
#include <vector>

namespace portcullis::audit {

/// Texts of one value longer than this many bytes are cut, between two characters.
constexpr std::size_t longest_xml_value = 32 * 1024;

/// As it may stand in an attribute or an element: what is markup, tabs and line ends as references; what XML
/// has no place for (control characters, U+FFFE and U+FFFF, bytes that are not UTF-8) as U+FFFD.
std::string xml_escaped(std::string_view text);

/// Elements that are opened are closed; the names are ours and not looked at.
class XmlWriter {
  public:
    XmlWriter& open(std::string_view element);
    /// Of the element that was opened last, before anything is in it.
    XmlWriter& attribute(std::string_view name, std::string_view value);
    XmlWriter& text(std::string_view value);
    XmlWriter& close();
    /// What was written. Every element has been closed.
    const std::string& str() const { return out_; }

  private:
    void end_tag();

    std::string out_;
    std::vector<std::string> open_;
    bool in_tag_ = false;
};

}  // namespace portcullis::audit
