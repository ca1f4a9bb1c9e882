#pragma once
#include <algorithm>
#include <string>

#include "gateway/base/bytes.hpp"

namespace portcullis::image::test {

/// Where two byte strings part; empty if they do not.
inline std::string difference(ByteView a, ByteView b) {
    const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (at == a.end() && other == b.end()) return "";
    return "at byte " + std::to_string(at - a.begin()) + " of " + std::to_string(a.size()) + " and " +
           std::to_string(b.size());
}

inline bool contains(ByteView bytes, ByteView part) {
    return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
}

}  // namespace portcullis::image::test
