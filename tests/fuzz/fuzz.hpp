#pragma once
// What every fuzz target shares. A target is a translation unit that defines fuzz_one().

#include <cstdio>
#include <cstdlib>

#include "gateway/base/bytes.hpp"

namespace portcullis::fuzz {

/// Runs one input. Ends the program where a property does not hold; returns otherwise.
void fuzz_one(ByteView input);

/// A property that holds for every input.
inline void require(bool holds, const char* property) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", property);
    std::abort();
}

}  // namespace portcullis::fuzz
