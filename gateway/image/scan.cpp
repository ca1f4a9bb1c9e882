#include "gateway/image/scan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "gateway/image/element.hpp"
#include "gateway/image/sequence_tags.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

bool is(std::array<char, 2> vr, std::string_view text) {
    return std::string_view(vr.data(), vr.size()) == text;
}

constexpr std::size_t tag_size = 4;
/// An item and its length.
constexpr std::uint32_t shortest_sequence = 8;

bool is_delimiter_or_item(std::uint32_t tag) {
    return tag >> 16 == 0xFFFE;
}

bool is_private(std::uint32_t tag) {
    return (tag >> 16) % 2 != 0;
}

}  // namespace

Scanner::Scanner(Encoding encoding, ScanHandler& handler, ScanLimits limits)
    : encoding_(encoding), handler_(handler), limits_(limits) {}

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
        const ByteView start = bytes.first(carry_.size());
        const std::size_t size = header_size(start);
        bytes = bytes.subspan(size);
        return take_whole_header(start, size);
    }
    const auto needed = [&] {
        return carried_ < 8 ? 8 : header_size(carry_) + peek_size(ByteView(carry_).first(carried_));
    };
    const std::size_t size = std::min(needed() - carried_, bytes.size());
    std::copy_n(bytes.begin(), size, carry_.begin() + static_cast<std::ptrdiff_t>(carried_));
    bytes = bytes.subspan(size);
    carried_ += size;
    if (carried_ < 8 || carried_ < needed()) return {};
    const auto whole = carry_;
    const ByteView start(whole.data(), std::exchange(carried_, 0));
    const std::size_t header = header_size(start);
    if (auto taken = take_whole_header(start, header); !taken) return taken;
    for (ByteView peeked = start.subspan(header); !peeked.empty();)
        if (auto done = scan(peeked); !done) return done;
    return {};
}

/// `start` is the header of `size` bytes and what is there of its value.
Result<void> Scanner::take_whole_header(ByteView start, std::size_t size) {
    const ByteView bytes = start.first(size);
    auto parsed = parse(bytes);
    if (!parsed) return parsed.error();
    return enter(*parsed, bytes, start.subspan(size));
}

/// Of the header that begins with these 8 bytes or more.
std::size_t Scanner::header_size(ByteView start) const {
    if (!encoding().explicit_vr || is_delimiter_or_item(load_tag(start.data()))) return 8;
    return has_short_length(as_text(start.subspan(4, 2))) ? 8 : 12;
}

/// Bytes of the value that are needed to tell what it is.
std::size_t Scanner::peek_size(ByteView start) const {
    const std::size_t size = header_size(start);
    if (start.size() < size) return 0;
    return may_be_sequence(read_header(start.first(size))) ? tag_size : 0;
}

Scanner::Header Scanner::read_header(ByteView bytes) const {
    Header header;
    header.tag = load_tag(bytes.data());
    const bool big = encoding().big_endian;
    if (!encoding().explicit_vr || is_delimiter_or_item(header.tag)) {
        header.length = big ? load_be32(&bytes[4]) : load_le32(&bytes[4]);
        return header;
    }
    header.vr = {static_cast<char>(bytes[4]), static_cast<char>(bytes[5])};
    if (bytes.size() == 8) {
        header.length = big ? load_be16(&bytes[6]) : load_le16(&bytes[6]);
    } else {
        header.length = big ? load_be32(&bytes[8]) : load_le32(&bytes[8]);
    }
    return header;
}

Result<Scanner::Header> Scanner::parse(ByteView bytes) {
    const Header header = read_header(bytes);
    tag_ = header.tag;
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (header.vr[0] != 0 && !std::all_of(header.vr.begin(), header.vr.end(), capital))
        return fail(errc::malformed, "not a value representation").error();
    if (++elements_ > limits_.elements)
        return fail(errc::too_many_elements, "more elements than the limit").error();
    const std::uint64_t room = limit() - position_;
    const bool reaches = header.length != undefined_length;
    if (bytes.size() > room || (reaches && header.length > room - bytes.size()))
        return fail(errc::malformed, "reaches past the item or sequence around it").error();
    position_ += bytes.size();
    return header;
}

Result<void> Scanner::enter(const Header& header, ByteView bytes, ByteView peek) {
    const bool closes = header.tag == tag::item_delimitation || header.tag == tag::sequence_delimitation;
    if (closes) {
        const Kind closed = header.tag == tag::item_delimitation ? Kind::item : Kind::sequence;
        const bool open = !levels_.empty() && !levels_.back().defined &&
                          (levels_.back().kind == Kind::item) == (closed == Kind::item);
        if (!open || header.length != 0) return fail(errc::malformed, "delimits nothing");
        return leave(bytes);
    }
    if (levels_.empty() || levels_.back().kind == Kind::item) return enter_element(header, bytes, peek);
    if (header.tag != tag::item) return fail(errc::malformed, "something else where an item should be");
    return levels_.back().kind == Kind::sequence ? enter_item(header, bytes) : enter_fragment(header, bytes);
}

Result<void> Scanner::enter_element(const Header& header, ByteView bytes, ByteView peek) {
    if (is_delimiter_or_item(header.tag)) return fail(errc::malformed, "an item outside of a sequence");
    auto form = form_of(header, peek);
    if (!form) return form.error();
    Element element{header.tag, header.vr, header.length, *form, encoding(), true};
    auto told = levels_.empty() ? enter_top_level(element, bytes) : enter_nested(element, bytes);
    if (!told) return told;
    if (element.form == Form::plain) {
        remaining_ = element.length;
        return remaining_ == 0 ? end_value() : Result<void>{};
    }
    if (levels_.size() >= 2 * limits_.depth) return fail(errc::too_deep, "nested deeper than the limit");
    const bool defined = element.length != undefined_length;
    levels_.push_back({defined ? position_ + element.length : limit(),
                       element.form == Form::sequence ? Kind::sequence : Kind::fragments, defined,
                       is(element.vr, "UN") ? Encoding{false} : encoding(), element.ascends, element.tag});
    return close_complete_levels();
}

Result<void> Scanner::enter_top_level(const Element& element, ByteView bytes) {
    if (element.tag == top_level_tag_ && element.tag == tag::pixel_data)
        return fail(errc::duplicate_pixel_data, "occurs twice");
    if (element.tag <= top_level_tag_) return fail(errc::malformed, "out of order, or occurs twice");
    top_level_tag_ = element.tag;
    return handler_.begin_element(element, bytes);
}

Result<void> Scanner::enter_nested(Element& element, ByteView bytes) {
    auto& highest = levels_.back().highest;
    element.ascends = levels_.back().ascends && element.tag > highest;
    highest = std::max<std::int64_t>(highest, element.tag);
    return handler_.begin_nested(element, bytes);
}

/// What may be of undefined length: sequences (PS3.5 7.5), UN (6.2.2), encapsulated pixel data (A.4).
/// `peek`: what is there of the value.
Result<Form> Scanner::form_of(const Header& header, ByteView peek) {
    if (header.length != undefined_length) {
        if (is(header.vr, "SQ")) return Form::sequence;
        // Such items are little-endian: a UN in a data set of either byte order is in Implicit VR.
        const bool begins_with_item = peek.size() >= tag_size && load_le16(peek.data()) == tag::item >> 16 &&
                                      load_le16(&peek[2]) == (tag::item & 0xFFFF);
        return may_be_sequence(header) && begins_with_item ? Form::sequence : Form::plain;
    }
    const bool implicit = !encoding().explicit_vr;
    const bool pixels = header.tag == tag::pixel_data;
    if (pixels && (implicit || is(header.vr, "OB") || is(header.vr, "OW"))) return Form::fragments;
    if (implicit || is(header.vr, "SQ") || is(header.vr, "UN")) return Form::sequence;
    return fail(errc::malformed, "undefined length where none is allowed").error();
}

/// Whether only its value tells.
bool Scanner::may_be_sequence(const Header& header) const {
    if (is_delimiter_or_item(header.tag) || header.length == undefined_length) return false;
    if (header.length < shortest_sequence) return false;
    if (encoding().explicit_vr && !is(header.vr, "UN")) return false;
    const bool is_usual = is_private(header.tag) ? !encoding().explicit_vr : is_sequence_tag(header.tag);
    return handler_.is_sequence(header.tag, is_usual);
}

Result<void> Scanner::enter_item(const Header& header, ByteView bytes) {
    if (auto told = handler_.value(bytes); !told) return told;
    const bool defined = header.length != undefined_length;
    auto& sequence = levels_.back();
    levels_.push_back({defined ? position_ + header.length : limit(), Kind::item, defined, sequence.encoding,
                       sequence.ascends, sequence.items++});
    return close_complete_levels();
}

Result<void> Scanner::enter_fragment(const Header& header, ByteView bytes) {
    if (header.length == undefined_length) return fail(errc::malformed, "a fragment of undefined length");
    auto told = among_top_level_fragments() ? handler_.begin_item(header.length, bytes)
                                            : handler_.begin_nested_item(header.length, bytes);
    if (!told) return told;
    remaining_ = header.length;
    return remaining_ == 0 ? end_value() : Result<void>{};
}

/// A delimitation item closes the innermost level.
Result<void> Scanner::leave(ByteView bytes) {
    if (auto told = handler_.value(bytes); !told) return told;
    const Kind closed = levels_.back().kind;
    levels_.pop_back();
    if (levels_.empty()) return handler_.end_element();
    if (closed == Kind::fragments)
        if (auto told = handler_.end_nested(); !told) return told;
    return close_complete_levels();
}

/// A plain value or a fragment is complete.
Result<void> Scanner::end_value() {
    if (levels_.empty()) return handler_.end_element();
    if (among_top_level_fragments()) return handler_.end_item();
    auto told = levels_.back().kind == Kind::fragments ? handler_.end_nested_item() : handler_.end_nested();
    return told ? close_complete_levels() : told;
}

/// Levels of defined length end without a delimitation item.
Result<void> Scanner::close_complete_levels() {
    while (levels_.back().defined && levels_.back().end == position_) {
        const bool is_item = levels_.back().kind == Kind::item;
        levels_.pop_back();
        if (auto told = handler_.end_of_defined(is_item); !told) return told;
        if (levels_.empty()) return handler_.end_element();
    }
    return {};
}

std::uint64_t Scanner::limit() const {
    return levels_.empty() ? no_limit : levels_.back().end;
}

codec::Path Scanner::path() const {
    codec::Path path;
    for (std::size_t i = 0; i + 1 < levels_.size(); i += 2)
        if (levels_[i].kind == Kind::sequence) path.within.push_back({levels_[i].name, levels_[i + 1].name});
    const bool in_fragments = !levels_.empty() && levels_.back().kind == Kind::fragments;
    path.tag = in_fragments ? levels_.back().name : tag_;
    return path;
}

std::uint32_t Scanner::load_tag(const std::uint8_t* bytes) const {
    if (encoding().big_endian) return std::uint32_t{load_be16(bytes)} << 16 | load_be16(bytes + 2);
    return std::uint32_t{load_le16(bytes)} << 16 | load_le16(bytes + 2);
}

bool Scanner::among_top_level_fragments() const {
    return levels_.size() == 1 && levels_.back().kind == Kind::fragments;
}

Result<void> Scanner::fail(errc error, std::string_view why) {
    failure_detail_ = tag::name(tag_) + " before byte " + std::to_string(position_) + ": " + std::string(why);
    return error;
}

}  // namespace portcullis::image
