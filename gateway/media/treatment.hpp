#pragma once
// What sealing does to values, in words: for those who decide whether to seal.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/region_rules.hpp"

namespace portcullis::media {

enum class Fate { sealed, changed, readable };

struct Treatment {
    Fate fate;
    std::string what;
    std::vector<std::uint32_t> tags;  // all that are meant, or the first of those that repeat; none: by rule
};

/// In the order in which they are told; with what a configuration says about it last. `mark`: in Image
/// Comments.
std::vector<Treatment> treatments(bool mark = true, const RegionRules& = {});

std::string_view name(Fate);

}  // namespace portcullis::media
