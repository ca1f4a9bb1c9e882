#include "gateway/image/region_chooser.hpp"

#include <algorithm>

#include "gateway/image/attributes.hpp"
#include "gateway/image/block.hpp"

namespace portcullis::image {

namespace {

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// (gggg,0010-00FF).
bool is_creator(const Element& element) {
    const std::uint32_t number = element.tag & 0xFFFF;
    return number >= 0x10 && number <= 0xFF && element.form == Form::plain &&
           element.length <= longest_creator;
}

/// (gggg,00bb) for (gggg,bbee).
std::uint32_t creator_of(std::uint32_t tag) {
    return (tag & 0xFFFF0000) | (tag & 0xFFFF) >> 8;
}

bool begins_with(const std::vector<codec::PathStep>& steps, const std::vector<codec::PathStep>& outer) {
    return outer.size() <= steps.size() && std::equal(outer.begin(), outer.end(), steps.begin());
}

}  // namespace

/// Forgets the items that are closed, and opens the one of this element.
void RegionChooser::note_place(const Element& element, codec::Path path) {
    while (!items_.empty() && !begins_with(path.within, items_.back().within)) {
        remembered_ -= items_.back().owners.size();
        items_.pop_back();
    }
    if (items_.empty() || items_.back().within != path.within) items_.push_back({std::move(path.within), {}});
    if (is_creator(element)) creator_ = element.tag;
}

void RegionChooser::value(ByteView bytes) {
    if (creator_) name_ += as_text(bytes);
}

void RegionChooser::end() {
    if (!creator_) return;
    const std::string name(without_padding(name_));
    const bool never = contains(rules_.never.creators, name);
    if (never || contains(rules_.also.creators, name)) {
        const bool is_new =
            items_.back().owners.insert_or_assign(*creator_, never ? Owner::never : Owner::also).second;
        remembered_ += is_new;
    }
    creator_.reset();
    name_.clear();
}

std::optional<codec::RegionKind> RegionChooser::choose(const Element& element) const {
    const auto usual = region_kind(element);
    if (is_pixel_data(element.tag) || element.form != Form::plain) return usual;
    if (contains(rules_.never.tags, element.tag)) return std::nullopt;
    if (element.length > 0 && contains(rules_.also.tags, element.tag)) return codec::RegionKind::value;
    switch (const auto owner = owner_of(element.tag); owner.value_or(Owner::never)) {
        case Owner::never:
            return owner ? std::nullopt : usual;
        case Owner::also:
            return element.length > 0 && has_bulk_vr(element) ? codec::RegionKind::value : usual;
    }
    return usual;
}

/// Nothing if the rules do not name who owns the block.
std::optional<RegionChooser::Owner> RegionChooser::owner_of(std::uint32_t tag) const {
    if (items_.empty() || (tag >> 16) % 2 == 0 || (tag & 0xFFFF) <= 0xFF) return std::nullopt;
    const auto& owners = items_.back().owners;
    const auto found = owners.find(creator_of(tag));
    return found == owners.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace portcullis::image
