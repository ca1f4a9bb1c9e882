#include "gateway/image/scan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "gateway/image/element.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

bool is(std::array<char, 2> vr, std::string_view text) {
    return std::string_view(vr.data(), vr.size()) == text;
}

std::uint32_t load_tag(const std::uint8_t* bytes) {
    return std::uint32_t{load_le16(bytes)} << 16 | load_le16(bytes + 2);
}

bool is_delimiter_or_item(std::uint32_t tag) {
    return tag >> 16 == 0xFFFE;
}

}  // namespace

Scanner::Scanner(bool explicit_vr, ScanHandler& handler, ScanLimits limits)
    : explicit_vr_(explicit_vr), handler_(handler), limits_(limits) {}

Result<void> Scanner::push(ByteView bytes) {
    if (error_) return error_;
    while (!bytes.empty()) {
        if (auto done = scan(bytes); !done) {
            error_ = done.error();
            return done;
        }
    }
    return {};
}

Result<void> Scanner::finish() {
    if (error_) return error_;
    if (remaining_ == 0 && carried_ == 0 && levels_.empty()) return {};
    auto failed = fail(errc::malformed, "the data set ends in the middle of an element");
    error_ = failed.error();
    return failed;
}

Result<void> Scanner::scan(ByteView& bytes) {
    return remaining_ > 0 ? take_value(bytes) : take_header(bytes);
}

Result<void> Scanner::take_value(ByteView& bytes) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
    const ByteView part = bytes.first(size);
    bytes = bytes.subspan(size);
    position_ += size;
    remaining_ -= size;
    if (auto done = handler_.value(part); !done) return done;
    return remaining_ == 0 ? end_value() : Result<void>{};
}

/// Parses a header where it stands, or, if it is cut, puts it together in carry_.
Result<void> Scanner::take_header(ByteView& bytes) {
    if (carried_ == 0 && bytes.size() >= carry_.size()) {
        const ByteView header = bytes.first(header_size(bytes));
        bytes = bytes.subspan(header.size());
        auto parsed = parse(header);
        return parsed ? enter(*parsed, header) : Result<void>(parsed.error());
    }
    const std::size_t needed = carried_ < 8 ? 8 : header_size(carry_);
    const std::size_t size = std::min(needed - carried_, bytes.size());
    std::copy_n(bytes.begin(), size, carry_.begin() + static_cast<std::ptrdiff_t>(carried_));
    bytes = bytes.subspan(size);
    carried_ += size;
    if (carried_ < 8 || carried_ < header_size(carry_)) return {};
    const ByteView header(carry_.data(), std::exchange(carried_, 0));
    auto parsed = parse(header);
    return parsed ? enter(*parsed, header) : Result<void>(parsed.error());
}

/// Of the header that begins with these 8 bytes or more.
std::size_t Scanner::header_size(ByteView start) const {
    if (implicit() || is_delimiter_or_item(load_tag(start.data()))) return 8;
    return has_short_length(as_text(start.subspan(4, 2))) ? 8 : 12;
}

Result<Scanner::Header> Scanner::parse(ByteView bytes) {
    Header header;
    header.tag = tag_ = load_tag(bytes.data());
    if (implicit() || is_delimiter_or_item(header.tag)) {
        header.length = load_le32(&bytes[4]);
    } else {
        header.vr = {static_cast<char>(bytes[4]), static_cast<char>(bytes[5])};
        const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (!std::all_of(header.vr.begin(), header.vr.end(), capital))
            return fail(errc::malformed, "not a value representation").error();
        header.length = bytes.size() == 8 ? load_le16(&bytes[6]) : load_le32(&bytes[8]);
    }
    if (++elements_ > limits_.elements)
        return fail(errc::too_many_elements, "more elements than the limit").error();
    const std::uint64_t room = limit() - position_;
    const bool reaches = header.length != undefined_length;
    if (bytes.size() > room || (reaches && header.length > room - bytes.size()))
        return fail(errc::malformed, "reaches past the item or sequence around it").error();
    position_ += bytes.size();
    return header;
}

Result<void> Scanner::enter(const Header& header, ByteView bytes) {
    const bool closes = header.tag == tag::item_delimitation || header.tag == tag::sequence_delimitation;
    if (closes) {
        const Kind closed = header.tag == tag::item_delimitation ? Kind::item : Kind::sequence;
        const bool open = !levels_.empty() && !levels_.back().defined &&
                          (levels_.back().kind == Kind::item) == (closed == Kind::item);
        if (!open || header.length != 0) return fail(errc::malformed, "delimits nothing");
        return leave(bytes);
    }
    if (levels_.empty() || levels_.back().kind == Kind::item) return enter_element(header, bytes);
    if (header.tag != tag::item) return fail(errc::malformed, "something else where an item should be");
    return levels_.back().kind == Kind::sequence ? enter_item(header, bytes) : enter_fragment(header, bytes);
}

Result<void> Scanner::enter_element(const Header& header, ByteView bytes) {
    if (is_delimiter_or_item(header.tag)) return fail(errc::malformed, "an item outside of a sequence");
    auto form = form_of(header);
    if (!form) return form.error();
    const Element element{header.tag, header.vr, header.length, *form};
    auto told = levels_.empty() ? enter_top_level(element, bytes) : handler_.value(bytes);
    if (!told) return told;
    if (element.form == Form::plain) {
        remaining_ = element.length;
        return remaining_ == 0 ? end_value() : Result<void>{};
    }
    if (levels_.size() >= 2 * limits_.depth) return fail(errc::too_deep, "nested deeper than the limit");
    const bool defined = element.length != undefined_length;
    levels_.push_back({defined ? position_ + element.length : limit(),
                       element.form == Form::sequence ? Kind::sequence : Kind::fragments, defined,
                       implicit() || is(element.vr, "UN")});
    return close_complete_levels();
}

Result<void> Scanner::enter_top_level(const Element& element, ByteView bytes) {
    if (element.tag == top_level_tag_ && element.tag == tag::pixel_data)
        return fail(errc::duplicate_pixel_data, "occurs twice");
    if (element.tag <= top_level_tag_) return fail(errc::malformed, "out of order, or occurs twice");
    top_level_tag_ = element.tag;
    return handler_.begin_element(element, bytes);
}

/// What may be of undefined length: sequences (PS3.5 7.5), UN (6.2.2), encapsulated pixel data (A.4).
Result<Form> Scanner::form_of(const Header& header) {
    if (header.length != undefined_length) return is(header.vr, "SQ") ? Form::sequence : Form::plain;
    const bool pixels = header.tag == tag::pixel_data;
    if (pixels && (implicit() || is(header.vr, "OB") || is(header.vr, "OW"))) return Form::fragments;
    if (implicit() || is(header.vr, "SQ") || is(header.vr, "UN")) return Form::sequence;
    return fail(errc::malformed, "undefined length where none is allowed").error();
}

Result<void> Scanner::enter_item(const Header& header, ByteView bytes) {
    if (auto told = handler_.value(bytes); !told) return told;
    const bool defined = header.length != undefined_length;
    levels_.push_back(
        {defined ? position_ + header.length : limit(), Kind::item, defined, levels_.back().implicit});
    return close_complete_levels();
}

Result<void> Scanner::enter_fragment(const Header& header, ByteView bytes) {
    if (header.length == undefined_length) return fail(errc::malformed, "a fragment of undefined length");
    auto told =
        among_top_level_fragments() ? handler_.begin_item(header.length, bytes) : handler_.value(bytes);
    if (!told) return told;
    remaining_ = header.length;
    return remaining_ == 0 ? end_value() : Result<void>{};
}

/// A delimitation item closes the innermost level.
Result<void> Scanner::leave(ByteView bytes) {
    if (auto told = handler_.value(bytes); !told) return told;
    levels_.pop_back();
    if (levels_.empty()) return handler_.end_element();
    return close_complete_levels();
}

/// A plain value or a fragment is complete.
Result<void> Scanner::end_value() {
    if (levels_.empty()) return handler_.end_element();
    if (among_top_level_fragments()) return handler_.end_item();
    return close_complete_levels();
}

/// Levels of defined length end without a delimitation item.
Result<void> Scanner::close_complete_levels() {
    while (levels_.back().defined && levels_.back().end == position_) {
        levels_.pop_back();
        if (levels_.empty()) return handler_.end_element();
    }
    return {};
}

std::uint64_t Scanner::limit() const {
    return levels_.empty() ? no_limit : levels_.back().end;
}

bool Scanner::among_top_level_fragments() const {
    return levels_.size() == 1 && levels_.back().kind == Kind::fragments;
}

Result<void> Scanner::fail(errc error, std::string_view why) {
    failure_detail_ = tag::name(tag_) + " before byte " + std::to_string(position_) + ": " + std::string(why);
    return error;
}

}  // namespace portcullis::image
