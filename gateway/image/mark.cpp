#include "gateway/image/mark.hpp"

#include "gateway/base/hex.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::string_view beginning = "Pixels sealed by Portcullis gateway ";
constexpr std::string_view before_id = " Envelope ";

}  // namespace

std::string mark_text(const codec::EnvelopeId& id, const std::string& gateway_id) {
    std::string text = std::string(beginning) + gateway_id +
                       ": retrieve this object through the gateway to see them." + std::string(before_id) +
                       hex(id);
    if (text.size() % 2 != 0) text += ' ';
    return text;
}

bool holds_mark(std::string_view comments) {
    return comments.find(beginning) != std::string_view::npos;
}

std::string envelope_in_mark(std::string_view comments) {
    const auto mark = comments.find(beginning);
    if (mark == std::string_view::npos) return {};
    const auto at = comments.find(before_id, mark);
    if (at == std::string_view::npos) return {};
    const auto id = comments.substr(at + before_id.size()).substr(0, 2 * codec::EnvelopeId{}.size());
    const bool whole = id.size() == 2 * codec::EnvelopeId{}.size();
    return whole && id.find_first_not_of("0123456789abcdef") == std::string_view::npos ? std::string(id)
                                                                                       : std::string();
}

void MarkReader::begin(const Element& element) {
    passed_ |= element.tag > tag::image_comments;
    reading_ = element.tag == tag::image_comments && element.form == Form::plain &&
               element.length <= longest_comments;
}

void MarkReader::value(ByteView bytes) {
    if (reading_) comments_ += as_text(bytes);
}

std::optional<bool> MarkReader::marked() const {
    if (!passed_) return std::nullopt;
    return holds_mark(comments_);
}

}  // namespace portcullis::image
