#include "gateway/image/candidate.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/image/element.hpp"
#include "gateway/image/regions.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// Fragments in one unit; archives cut at frames, which are larger.
constexpr std::size_t most_held = 16 * 1024;

}  // namespace

Candidate::Candidate(std::unique_ptr<codec::ObjectOpener> object, std::size_t rank)
    : object_(std::move(object)), rank_(rank) {
    const auto& regions = object_->regions();
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const bool another = values_.empty() || *values_.back().path != *regions[i].path;
        if (another) values_.push_back({regions[i].path.get(), i, i});
        values_.back().end = i + 1;
    }
    std::sort(values_.begin(), values_.end(),
              [](const Value& a, const Value& b) { return *a.path < *b.path; });
}

std::vector<Candidate::Value>::const_iterator Candidate::find(const codec::Path& path) const {
    const auto found = std::lower_bound(values_.begin(), values_.end(), path,
                                        [](const Value& value, const auto& p) { return *value.path < p; });
    return found != values_.end() && *found->path == path ? found : values_.end();
}

bool Candidate::has(const codec::Path& path) const {
    return find(path) != values_.end();
}

Result<void> Candidate::begin_element(const Element& element, const codec::Path& path) {
    const auto found = find(path);
    if (found == values_.end())
        return fail(errc::tampered, tag::name(element.tag) + " was not there when it was sealed");
    Value& value = values_[static_cast<std::size_t>(found - values_.begin())];
    value_ = &value;
    any_ = false;
    if (std::exchange(value.passed, true))
        return fail(errc::tampered, tag::name(element.tag) + " is there twice");
    encoding_ = element.encoding;
    word_size_ = region_word_size(element);
    region_ = value.begin;
    regions_end_ = value.end;
    const auto& first = object_->regions()[region_];
    region_left_ = first.length;
    const bool plain = element.form == Form::plain;
    if (plain != (first.kind != codec::RegionKind::fragment))
        return fail(errc::context_differs, tag::name(element.tag) + " was sealed in another encoding");
    return plain ? begin_plain(element.length) : Result<void>{};
}

/// An archive may make an odd length even.
Result<void> Candidate::begin_plain(std::uint32_t length) {
    const std::uint64_t sealed = region_left_;
    value_length_ = value_left_ = length;
    if (length == 0 && !is_required(*value_)) return {};
    if (length == sealed || (sealed % 2 != 0 && length == sealed + 1)) return {};
    return fail(errc::tampered, std::to_string(length) + " bytes instead of the " + std::to_string(sealed) +
                                    " that were sealed");
}

bool Candidate::is_empty(const Value& value) const {
    const auto& regions = object_->regions();
    return std::all_of(regions.begin() + static_cast<std::ptrdiff_t>(value.begin),
                       regions.begin() + static_cast<std::ptrdiff_t>(value.end),
                       [](const auto& region) { return region.length == 0; });
}

/// Archives drop other values than pixels of the top level.
bool Candidate::is_required(const Value& value) {
    return value.path->within.empty() && is_pixel_data(value.path->tag);
}

bool Candidate::complete() const {
    return std::all_of(values_.begin(), values_.end(), [this](const Value& value) {
        return value.passed || !is_required(value) || is_empty(value);
    });
}

std::vector<codec::Path> Candidate::missing() const {
    std::vector<codec::Path> paths;
    for (const Value& value : values_)
        if ((!value.passed || value.empty) && !is_empty(value)) paths.push_back(*value.path);
    return paths;
}

Result<void> Candidate::begin_fragment(std::uint32_t length, Passage& passage) {
    value_length_ = value_left_ = length;
    if (held_.size() >= most_held) return fail(errc::tampered, "too many fragments in one unit");
    held_.push_back({static_cast<std::uint32_t>(filled_), length});
    if (filled_ == 0 && verified()) release_fragments(passage);
    return {};
}

Result<void> Candidate::take(ByteView bytes, Passage& passage) {
    while (!bytes.empty()) {
        if (at_padding()) {
            --value_left_;
            passage.pass(bytes);
            return {};
        }
        if (!next_region()) return fail(errc::tampered, "more bytes than were sealed");
        any_ = true;
        const auto unit = static_cast<std::size_t>(std::min<std::uint64_t>(codec::unit_size, region_left_)) +
                          turns_padding();
        if (!unit_) unit_ = std::make_unique_for_overwrite<std::uint8_t[]>(codec::unit_size);
        const std::size_t taken = std::min(unit - filled_, bytes.size());
        std::copy_n(bytes.begin(), taken, unit_.get() + filled_);
        bytes = bytes.subspan(taken);
        filled_ += taken;
        value_left_ -= taken;
        if (filled_ < unit) return {};
        if (auto opened = open(passage); !opened) return opened;
    }
    return {};
}

/// Moves on to the region that the next byte belongs to.
bool Candidate::next_region() {
    while (region_left_ == 0) {
        if (region_ + 1 >= regions_end_) return false;
        region_left_ = object_->regions()[++region_].length;
    }
    return true;
}

/// The last byte of a value or fragment, after an odd number of sealed ones in it. A fragment of a single
/// byte holds no padding.
bool Candidate::at_padding() const {
    return region_left_ == 0 && value_left_ == 1 && value_length_ > 1 && region_length() % 2 != 0;
}

/// Whether the last word of the region is turned around together with the padding behind it. An odd length is
/// never that of a whole unit, so there is room for one byte more.
bool Candidate::turns_padding() const {
    return region_left_ < codec::unit_size && value_length_ == region_length() + 1 &&
           value_length_ % word_size_ == 0 && word_size_ > 1;
}

/// Verifies and decrypts the unit that is complete.
Result<void> Candidate::open(Passage& passage) {
    const bool padded = turns_padding();
    const auto size = std::exchange(filled_, 0) - padded;
    const std::span unit(unit_.get(), size + padded);
    swap_words(unit, word_size_);
    if (auto opened = open_unit(unit.first(size)); !opened) return opened;
    swap_words(unit, word_size_);
    ++opened_;
    if (context_agrees_ == false)
        return fail(errc::context_differs, "the image attributes are not the sealed ones");
    region_left_ -= size;
    release(unit, passage);
    return {};
}

/// Of a unit that verifies, a loaded codec may still fail (codec/codec.hpp).
Result<void> Candidate::open_unit(std::span<std::uint8_t> unit) {
    try {
        if (object_->open_unit(unit, unit_number())) return {};
    } catch (const std::runtime_error& error) {
        return fail(errc::not_openable, error.what());
    }
    return fail(errc::tampered, "unit " + std::to_string(unit_number() + 1) + " of " +
                                    std::to_string(object_->units()) + " does not verify");
}

void Candidate::release(ByteView unit, Passage& passage) {
    std::size_t at = 0;
    for (const HeldItem& item : held_) {
        passage.pass(unit.subspan(at, item.at - at));
        Bytes header;
        append_item_header(header, item.length, encoding_);
        passage.pass(header);
        at = item.at;
    }
    held_.clear();
    passage.pass(unit.subspan(at));
}

void Candidate::release_fragments(Passage& passage) {
    release({}, passage);
}

Result<void> Candidate::end_regions() {
    if (!next_region()) return {};
    if (!any_ && !is_required(*value_)) {
        value_->empty = true;
        return {};
    }
    return fail(errc::tampered, "unit " + std::to_string(unit_number() + 1) + " of " +
                                    std::to_string(object_->units()) + " is missing or incomplete");
}

std::uint64_t Candidate::unit_number() const {
    return object_->first_unit(region_) + (region_length() - region_left_) / codec::unit_size;
}

Result<void> Candidate::fail(errc error, std::string why) {
    failure_detail_ = std::move(why);
    return error;
}

}  // namespace portcullis::image
