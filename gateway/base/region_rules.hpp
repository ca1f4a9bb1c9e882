#pragma once
// What a configuration says about the values that are sealed: besides those that always are, and not.

#include <cstdint>
#include <string>
#include <vector>

namespace portcullis {

/// Values of a data set, wherever they stand.
struct NamedValues {
    std::vector<std::uint32_t> tags;    // group << 16 | element
    std::vector<std::string> creators;  // of private blocks (PS3.5 7.8.1), without padding: all bulk in these
    bool operator==(const NamedValues&) const = default;
};

/// A tag counts more than a creator, `never` more than `also`.
struct RegionRules {
    NamedValues also;   // whatever their VR, if they hold bytes and no items
    NamedValues never;  // not Pixel Data, Float Pixel Data, Double Float Pixel Data: what says so is ignored
    bool operator==(const RegionRules&) const = default;
};

}  // namespace portcullis
