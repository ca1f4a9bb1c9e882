#pragma once
// The figures that papers on image ciphers report. They are regression tests: they find a cipher that is
// broken by mistake, and prove nothing about one that is not.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "gateway/assurance/chance.hpp"

namespace portcullis::assurance {

using Histogram = std::array<std::uint64_t, 256>;

/// How often each byte occurs; adds to what is there.
void count(Histogram&, std::span<const std::uint8_t> bytes);
/// Shannon's, bits per byte, 0 to 8. Of no bytes: 0.
double entropy(const Histogram&);
/// Sum of (found - expected)^2 / expected against a flat histogram: chi-square with 255 degrees of freedom,
/// as long as at least five of each byte are expected (1280 bytes). 0 of no bytes.
double chi_square(const Histogram&);

/// Samples of one frame or plane in a row-major raster: what `at(column, row)` gives.
struct Raster {
    std::size_t columns = 0, rows = 0;
    std::function<double(std::size_t column, std::size_t row)> at;
};
/// Pearson's coefficient of a sample with its neighbour.
struct Correlation {
    std::uint64_t pairs = 0;
    std::optional<double> r;  // none where one side does not vary
};
struct Direction {
    std::size_t right, down;
};
inline constexpr std::array<Direction, 3> directions = {{{1, 0}, {0, 1}, {1, 1}}};
/// Over all rasters together (frames, planes, colours). With independent samples r is normal about 0 with a
/// standard error of 1/sqrt(pairs).
Correlation correlate(std::span<const Raster>, Direction);

/// How much two ciphertexts of one length differ, as words of `bits` (8, or 16 little-endian; an odd last
/// byte does not count).
///
/// NPCR, number of pixels change rate: the share of words that differ; expected 1 - 2^-b, and the number of
/// equal ones is binomial(n, 2^-b).
/// UACI, unified average changing intensity: the mean of |x - y| / (L - 1) with L = 2^b values; expected
/// (L + 1) / (3L), and the variance of one word is (L^2 - 1)(L^2 + 2) / (18 L^2 (L - 1)^2): from E|x - y| =
/// (L^2 - 1) / (3L) and E(x - y)^2 = (L^2 - 1) / 6 of independent uniform x and y.
struct Difference {
    std::uint64_t words = 0;
    std::uint64_t equal = 0;
    double npcr = 0;
    double uaci = 0;
};
Difference compare(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, int bits);

double npcr_expected(int bits);
double uaci_expected(int bits);
/// Of one word; that of a mean of n words is an n-th of it.
double uaci_variance(int bits);

Test npcr_test(const Difference&, int bits);  // positive z: more words differ than expected
Test uaci_test(const Difference&, int bits);

}  // namespace portcullis::assurance
