#include "gateway/assurance/metrics.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>

namespace portcullis::assurance {

namespace {

double values_of(int bits) {
    return std::ldexp(1.0, bits);
}

double total_of(const Histogram& histogram) {
    return static_cast<double>(std::accumulate(histogram.begin(), histogram.end(), std::uint64_t{0}));
}

/// Calls f(sample, neighbour) for every pair.
template <class F>
void for_each_pair(std::span<const Raster> rasters, Direction to, F f) {
    for (const Raster& raster : rasters)
        for (std::size_t row = 0; row + to.down < raster.rows; ++row)
            for (std::size_t column = 0; column + to.right < raster.columns; ++column)
                f(raster.at(column, row), raster.at(column + to.right, row + to.down));
}

}  // namespace

void count(Histogram& histogram, std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) ++histogram[byte];
}

double entropy(const Histogram& histogram) {
    const double total = total_of(histogram);
    double bits = 0;
    for (const auto found : histogram) {
        if (found == 0) continue;
        const double share = static_cast<double>(found) / total;
        bits -= share * std::log2(share);
    }
    return bits;
}

double chi_square(const Histogram& histogram) {
    const double expected = total_of(histogram) / 256;
    if (expected == 0) return 0;
    double sum = 0;
    for (const auto found : histogram) {
        const double off = static_cast<double>(found) - expected;
        sum += off * off / expected;
    }
    return sum;
}

Correlation correlate(std::span<const Raster> rasters, Direction to) {
    Correlation found;
    double sum_x = 0, sum_y = 0;
    for_each_pair(rasters, to, [&](double x, double y) {
        ++found.pairs;
        sum_x += x;
        sum_y += y;
    });
    if (found.pairs == 0) return found;
    // A second pass over the deviations: exact zeros where nothing varies, no cancellation elsewhere.
    const double mean_x = sum_x / static_cast<double>(found.pairs);
    const double mean_y = sum_y / static_cast<double>(found.pairs);
    double xx = 0, yy = 0, xy = 0;
    for_each_pair(rasters, to, [&](double x, double y) {
        xx += (x - mean_x) * (x - mean_x);
        yy += (y - mean_y) * (y - mean_y);
        xy += (x - mean_x) * (y - mean_y);
    });
    if (xx > 0 && yy > 0) found.r = xy / std::sqrt(xx * yy);
    return found;
}

Difference compare(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, int bits) {
    const std::size_t bytes = static_cast<std::size_t>(bits) / 8;
    const auto word = [bytes](std::span<const std::uint8_t> text, std::size_t i) {
        return bytes == 1 ? int{text[i]} : text[2 * i] | text[2 * i + 1] << 8;
    };
    Difference found;
    found.words = a.size() / bytes;
    std::uint64_t distance = 0;
    for (std::size_t i = 0; i < found.words; ++i) {
        const int off = std::abs(word(a, i) - word(b, i));
        found.equal += off == 0;
        distance += static_cast<std::uint64_t>(off);
    }
    if (found.words == 0) return found;
    const double words = static_cast<double>(found.words);
    found.npcr = 1 - static_cast<double>(found.equal) / words;
    found.uaci = static_cast<double>(distance) / ((values_of(bits) - 1) * words);
    return found;
}

double npcr_expected(int bits) {
    return 1 - 1 / values_of(bits);
}

double uaci_expected(int bits) {
    return (values_of(bits) + 1) / (3 * values_of(bits));
}

double uaci_variance(int bits) {
    const double values = values_of(bits);
    const double square = values * values;
    return (square - 1) * (square + 2) / (18 * square * (values - 1) * (values - 1));
}

Test npcr_test(const Difference& difference, int bits) {
    Test test = binomial_test(difference.equal, difference.words, 1 / values_of(bits));
    test.z = -test.z;  // counted are the equal ones
    return test;
}

Test uaci_test(const Difference& difference, int bits) {
    return normal_test(difference.uaci, uaci_expected(bits),
                       std::sqrt(uaci_variance(bits) / static_cast<double>(difference.words)));
}

}  // namespace portcullis::assurance
