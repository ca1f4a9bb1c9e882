#pragma once
// What two lists of UIDs have in common.

#include <algorithm>
#include <optional>
#include <vector>

#include "gateway/base/names.hpp"

namespace portcullis {

/// The first of these that is among those, too.
inline std::optional<Uid> first_common(const std::vector<Uid>& these, const std::vector<Uid>& those) {
    const auto found = std::find_first_of(these.begin(), these.end(), those.begin(), those.end());
    return found == these.end() ? std::nullopt : std::optional(*found);
}

}  // namespace portcullis
