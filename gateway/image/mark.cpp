#include "gateway/image/mark.hpp"

#include "gateway/base/hex.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::string_view beginning = "Pixels sealed by Portcullis gateway ";

}  // namespace

std::string mark_text(const codec::EnvelopeId& id, const std::string& gateway_id) {
    std::string text = std::string(beginning) + gateway_id +
                       ": retrieve this object through the gateway to see them. Envelope " + hex(id);
    if (text.size() % 2 != 0) text += ' ';
    return text;
}

bool holds_mark(std::string_view comments) {
    return comments.find(beginning) != std::string_view::npos;
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
