#pragma once
// The ways in which a test cuts the same bytes into pieces.

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include "gateway/base/bytes.hpp"

namespace portcullis::image::test {

/// 0: at random, from 1 to 5000 bytes, the same every time.
inline const std::vector<std::size_t> piece_sizes = {1, 2, 3, 7, 4096, 0};

/// Calls `take` for each piece until it returns false.
inline void for_each_piece(ByteView bytes, std::size_t size, const std::function<bool(ByteView)>& take) {
    std::mt19937 random(7);
    std::uniform_int_distribution<std::size_t> sizes(1, 5000);
    while (!bytes.empty()) {
        const std::size_t piece = std::min(size == 0 ? sizes(random) : size, bytes.size());
        // A copy of its own: whoever reads past the piece or keeps a view of it is found out by ASan.
        const Bytes copy(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(piece));
        if (!take(copy)) return;
        bytes = bytes.subspan(piece);
    }
}

}  // namespace portcullis::image::test
