#pragma once
// Does a stored file still hold pixels of the original?

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "tests/support/dicom_file.hpp"

namespace portcullis::judge {

inline constexpr std::size_t window = 16;  // bytes: a run of this length in common is a leak

struct Match {
    std::size_t original, stored;  // offsets
};

/// A run of `window` bytes that both have, at any offset of either, other than one that repeats a single
/// value of `sample_size` bytes, and other than one that stands in `readable`, too: what may be read
/// elsewhere is no secret. Exact. Memory: about 2 bytes per byte of `original`.
std::optional<Match> common_run(std::span<const std::uint8_t> original, std::span<const std::uint8_t> stored,
                                std::size_t sample_size, std::span<const std::uint8_t> readable = {});

/// Compares the regions of pixels unit by unit (256 KiB): each must have kept its length and differ; in units
/// of 4 KiB and more less than 2 % of the bytes may be equal (independent bytes: 0.4 %). Says what is wrong.
std::optional<std::string> unchanged_unit(const std::vector<Bytes>& original,
                                          const std::vector<Bytes>& stored);

}  // namespace portcullis::judge
