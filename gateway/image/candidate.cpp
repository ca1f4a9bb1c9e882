#include "gateway/image/candidate.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/image/element.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// Fragments in one unit; archives cut at frames, which are larger.
constexpr std::size_t most_held = 16 * 1024;

}  // namespace

Candidate::Candidate(std::unique_ptr<codec::ObjectOpener> object, std::size_t rank, bool context_agrees)
    : object_(std::move(object)), rank_(rank), context_agrees_(context_agrees) {}

Result<void> Candidate::begin_element(const Element& element) {
    const auto& regions = object_->regions();
    const codec::Path path{.tag = element.tag};
    const auto first = std::find_if(regions.begin(), regions.end(),
                                    [&](const auto& region) { return *region.path == path; });
    const auto last =
        std::find_if(first, regions.end(), [&](const auto& region) { return *region.path != path; });
    if (first == last)
        return fail(errc::tampered, tag::name(element.tag) + " was not there when it was sealed");
    region_ = static_cast<std::size_t>(first - regions.begin());
    regions_end_ = static_cast<std::size_t>(last - regions.begin());
    region_left_ = first->length;
    const bool native = element.form == Form::plain;
    if (native != (first->kind == codec::RegionKind::native))
        return fail(errc::context_differs, tag::name(element.tag) + " was sealed in another encoding");
    return native ? begin_native(element.length) : Result<void>{};
}

/// An archive may make an odd length even.
Result<void> Candidate::begin_native(std::uint32_t length) {
    const std::uint64_t sealed = region_left_;
    value_length_ = value_left_ = length;
    if (length == sealed || (sealed % 2 != 0 && length == sealed + 1)) return {};
    return fail(errc::tampered,
                std::to_string(length) + " bytes of pixels instead of " + std::to_string(sealed));
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
        if (!next_region()) return fail(errc::tampered, "more bytes of pixels than were sealed");
        const auto unit = static_cast<std::size_t>(std::min<std::uint64_t>(codec::unit_size, region_left_));
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

/// Verifies and decrypts the unit that is complete.
Result<void> Candidate::open(Passage& passage) {
    const auto size = std::exchange(filled_, 0);
    const std::span unit(unit_.get(), size);
    if (auto opened = open_unit(unit); !opened) return opened;
    if (!context_agrees_) return fail(errc::context_differs, "the image attributes are not the sealed ones");
    region_left_ -= size;
    ++opened_;
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
        append_item_header(header, item.length);
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
