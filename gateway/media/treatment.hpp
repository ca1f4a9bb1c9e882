#pragma once
// What sealing does to values, in words: for those who decide whether to seal.

#include <cstdint>
#include <string_view>
#include <vector>

namespace portcullis::media {

enum class Fate { sealed, changed, readable };

struct Treatment {
    Fate fate;
    std::string_view what;
    std::vector<std::uint32_t> tags;  // all that are meant, or the first of those that repeat; none: by rule
};

/// The parts of it are in the order in which they are told.
const std::vector<Treatment>& treatments();

std::string_view name(Fate);

}  // namespace portcullis::media
