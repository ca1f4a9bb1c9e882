#include "gateway/policy/name_pattern.hpp"

#include <algorithm>

namespace portcullis::policy {

namespace {

constexpr std::string_view padding{" \0", 2};

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(padding), text.size()));
    return text.substr(0, text.find_last_not_of(padding) + 1);
}

std::string lower(std::string_view text) {
    std::string made(text);
    for (char& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return made;
}

}  // namespace

std::optional<NamePattern> NamePattern::parse(std::string_view text) {
    NamePattern pattern;
    pattern.text_ = text;
    text = trimmed(text);
    pattern.any_before_ = text.starts_with('*');
    if (pattern.any_before_) text.remove_prefix(1);
    pattern.any_behind_ = text.ends_with('*');
    if (pattern.any_behind_) text.remove_suffix(1);
    if (trimmed(text).empty() || text.find('*') != std::string_view::npos) return std::nullopt;
    pattern.part_ = lower(text);
    return pattern;
}

bool NamePattern::matches(std::string_view name) const {
    const std::string whole = lower(trimmed(name));
    if (any_before_ && any_behind_) return whole.find(part_) != std::string::npos;
    if (any_before_) return whole.ends_with(part_);
    return any_behind_ ? whole.starts_with(part_) : whole == part_;
}

}  // namespace portcullis::policy
