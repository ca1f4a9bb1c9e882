// seal.regions: which values are sealed besides those that always are, and which are not.

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

constexpr std::size_t most_rules = 1024;
constexpr std::string_view own_creator = "PORTCULLIS";

constexpr std::array<std::uint32_t, 3> pixel_data = {0x7FE00008, 0x7FE00009, 0x7FE00010};

/// What an archive files an object by, what policy asks for, what opening compares with what was sealed, and
/// what sealing changes otherwise (FORMAT.md): in their places there must be what they say, or what the
/// gateway wrote.
constexpr std::array<std::uint32_t, 38> not_to_seal = {
    0x00080005, 0x00080016, 0x00080018, 0x00080020, 0x00080030, 0x00080050, 0x00080060, 0x00080080,
    0x00081040, 0x00100010, 0x00100020, 0x00100021, 0x0020000D, 0x0020000E, 0x00200010, 0x00200011,
    0x00200013, 0x00200032, 0x00200037, 0x00200060, 0x00204000, 0x00280002, 0x00280004, 0x00280006,
    0x00280008, 0x00280010, 0x00280011, 0x00280030, 0x00280100, 0x00280101, 0x00280102, 0x00280103,
    0x00281052, 0x00281053, 0x00282112, 0x00603020, 0x4FFE0001, 0xFFFAFFFA};
constexpr std::uint32_t first_pixel_value_limit = 0x00280104;
constexpr std::uint32_t last_pixel_value_limit = 0x00280111;

template <class Values, class T>
bool contains(const Values& values, const T& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

bool may_be_sealed(std::uint32_t tag) {
    const bool limit = tag >= first_pixel_value_limit && tag <= last_pixel_value_limit;
    return !limit && !contains(not_to_seal, tag);
}

bool may_pass(std::uint32_t tag) {
    return !contains(pixel_data, tag);
}

/// Command and file elements, items, group lengths and private creators are what values stand in.
bool is_value(std::uint32_t tag) {
    const std::uint32_t group = tag >> 16;
    const std::uint32_t element = tag & 0xFFFF;
    return group >= 0x0008 && group != 0xFFFE && element != 0 && (group % 2 == 0 || element > 0xFF);
}

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

/// Of "(gggg,eeee)" and "ggggeeee" the eight digits; nothing if it is neither.
std::optional<std::string> tag_digits(std::string_view text) {
    if (text.size() == 11 && text.front() == '(' && text[5] == ',' && text.back() == ')')
        text = text.substr(1, 9);
    std::string digits(text);
    if (digits.size() == 9 && digits[4] == ',') digits.erase(4, 1);
    return digits.size() == 8 && is_hex(digits) ? std::optional(digits) : std::nullopt;
}

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

bool is_creator_name(std::string_view text) {
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
    return printable && text.size() <= 64 && text.front() != '(' && text.front() != ' ' &&
           text.back() != ' ' && text != own_creator;
}

/// A list of tags and creators, none of which was named before. Of a tag that is not allowed `why_not` says
/// what is wrong.
template <class Allowed>
NamedValues read_values(const Value& list, std::set<std::string>& named, const Allowed& allowed,
                        const std::string& why_not) {
    NamedValues values;
    const auto claim = [&](const Value& where, const std::string& name) {
        if (named.insert(name).second) return true;
        where.refuse(in_quotes(name) + " is named already", "keep one");
        return false;
    };
    (void)read_each(list, most_rules, [&](const Value& one) -> std::optional<bool> {
        const auto text = read_text(one);
        if (!text) return std::nullopt;
        if (const auto digits = tag_digits(*text)) {
            const auto tag = static_cast<std::uint32_t>(std::stoul(*digits, nullptr, 16));
            if (!is_value(tag))
                one.refuse(in_quotes(*text) + " is no tag of a value", "name a value by its own tag");
            else if (!allowed(tag))
                one.refuse(in_quotes(*text) + ' ' + why_not, remove_it);
            else if (claim(one, lower_case(*digits)))
                values.tags.push_back(tag);
        } else if (!is_creator_name(*text)) {
            one.refuse(in_quotes(*text) + " is neither a tag nor a private creator",
                       "write as in 00291010, '(0029,1010)' in quotes, or a name as in SIEMENS CSA HEADER");
        } else if (claim(one, *text)) {
            values.creators.push_back(*text);
        }
        return std::nullopt;
    });
    return values;
}

}  // namespace

RegionRules read_regions(const Value& value) {
    Section section(value);
    RegionRules rules;
    std::set<std::string> named;
    if (const auto also = section.find("also"))
        rules.also =
            read_values(*also, named, may_be_sealed, "is read or changed by archives and gateway as it is");
    if (const auto never = section.find("never"))
        rules.never = read_values(*never, named, may_pass, "is always sealed, it is what sealing is for");
    section.finish();
    return rules;
}

}  // namespace portcullis::settings
