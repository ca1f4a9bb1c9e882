#include "gateway/assurance/metrics.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace portcullis::assurance;
using Bytes = std::vector<std::uint8_t>;

namespace {

Histogram histogram_of(const Bytes& bytes) {
    Histogram histogram{};
    count(histogram, bytes);
    return histogram;
}

Bytes each_byte(std::size_t times) {
    Bytes bytes(256 * times);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
}

Raster raster(std::size_t columns, std::size_t rows, double (*at)(std::size_t, std::size_t)) {
    return {columns, rows, at};
}

}  // namespace

TEST_CASE("Entropies that can be worked out by hand") {
    CHECK(entropy(histogram_of({})) == 0);
    CHECK(entropy(histogram_of({7, 7, 7})) == 0);
    CHECK(entropy(histogram_of({0, 1})) == Approx(1));
    CHECK(entropy(histogram_of({0, 0, 1, 2})) == Approx(1.5));
    CHECK(entropy(histogram_of(each_byte(3))) == Approx(8));
}

TEST_CASE("Chi-squares that can be worked out by hand") {
    CHECK(chi_square(histogram_of(each_byte(5))) == 0);
    // n of one value: (n - n/256)^2 / (n/256) + 255 (n/256) = 255 n.
    CHECK(chi_square(histogram_of(Bytes(512, 9))) == Approx(255.0 * 512));
    CHECK(chi_square(histogram_of({})) == 0);
}

TEST_CASE("A ramp correlates with itself in every direction, a checkerboard against its neighbours") {
    const std::vector<Raster> ramp = {raster(20, 10, [](std::size_t column, std::size_t row) {
        return static_cast<double>(3 * column + 50 * row);
    })};
    const std::vector<Raster> board = {raster(
        8, 8, [](std::size_t column, std::size_t row) { return (column + row) % 2 == 0 ? 1.0 : 0.0; })};
    const double expected_of_board[] = {-1, -1, 1};
    for (std::size_t i = 0; i < directions.size(); ++i) {
        CHECK(correlate(ramp, directions[i]).r.value() == Approx(1));
        CHECK(correlate(board, directions[i]).r.value() == Approx(expected_of_board[i]));
    }
    CHECK(correlate(ramp, {1, 0}).pairs == 190);
    CHECK(correlate(ramp, {0, 1}).pairs == 180);
    CHECK(correlate(ramp, {1, 1}).pairs == 171);
}

TEST_CASE("Correlation by hand, over rasters that are not joined at their ends") {
    const auto at = [](std::size_t column, std::size_t) { return column == 1 ? 2.0 : 1.0; };  // 1 2 1
    const std::vector<Raster> two = {{3, 1, at}, {2, 1, at}};
    // Pairs (1,2) (2,1) (1,2): means 4/3 and 5/3, xy -2/3, xx 2/3, yy 2/3.
    const Correlation found = correlate(two, {1, 0});
    CHECK(found.pairs == 3);
    CHECK(found.r.value() == Approx(-1));
    CHECK(correlate(two, {0, 1}).pairs == 0);
}

TEST_CASE("What does not vary has no correlation, however large it is") {
    const std::vector<Raster> flat = {raster(9, 9, [](std::size_t, std::size_t) { return 4294967295.0; })};
    CHECK_FALSE(correlate(flat, {1, 0}).r);
    CHECK(correlate(flat, {1, 0}).pairs == 72);
}

TEST_CASE("NPCR and UACI of a pair by hand") {
    const Bytes a = {0, 10, 255, 0};
    const Bytes b = {0, 20, 0, 1};
    const Difference bytes = compare(a, b, 8);
    CHECK(bytes.words == 4);
    CHECK(bytes.equal == 1);
    CHECK(bytes.npcr == Approx(0.75));
    CHECK(bytes.uaci == Approx((10 + 255 + 1) / 255.0 / 4));
    const Difference words = compare(a, b, 16);  // 0x0A00 and 0x1400; 0x00FF and 0x0100
    CHECK(words.words == 2);
    CHECK(words.equal == 0);
    CHECK(words.uaci == Approx((0x0A00 + 1) / 65535.0 / 2));
    CHECK(compare(Bytes{1, 2, 3}, Bytes{1, 2, 9}, 16).words == 1);
    CHECK(compare(Bytes{}, Bytes{}, 8).words == 0);
}

TEST_CASE("Expectations are those that are published") {
    CHECK(npcr_expected(8) == Approx(0.996094).margin(5e-7));
    CHECK(uaci_expected(8) == Approx(0.334635).margin(5e-7));
    CHECK(npcr_expected(16) == Approx(0.999985).margin(5e-7));
    CHECK(uaci_expected(16) == Approx(0.333338).margin(5e-7));
}

TEST_CASE("Mean and variance of UACI are those of all pairs of bytes") {
    double sum = 0;
    double squares = 0;
    std::uint64_t equal = 0;
    for (int x = 0; x < 256; ++x) {
        for (int y = 0; y < 256; ++y) {
            const double share = std::abs(x - y) / 255.0;
            sum += share;
            squares += share * share;
            equal += x == y;
        }
    }
    const double mean = sum / 65536;
    CHECK(uaci_expected(8) == Approx(mean).epsilon(1e-12));
    CHECK(uaci_variance(8) == Approx(squares / 65536 - mean * mean).epsilon(1e-10));
    CHECK(npcr_expected(8) == Approx(1 - static_cast<double>(equal) / 65536).epsilon(1e-12));
}

TEST_CASE("The variance for words of 16 bits is that of all distances") {
    // Of 65536^2 ordered pairs, 2 (65536 - d) lie d apart.
    double sum = 0;
    double squares = 0;
    for (int d = 1; d < 65536; ++d) {
        const double pairs = 2.0 * (65536 - d) / (65536.0 * 65536.0);
        const double share = d / 65535.0;
        sum += pairs * share;
        squares += pairs * share * share;
    }
    CHECK(uaci_expected(16) == Approx(sum).epsilon(1e-9));
    CHECK(uaci_variance(16) == Approx(squares - sum * sum).epsilon(1e-9));
}

TEST_CASE("Identical ciphertexts and complementary ones are outliers, by sign") {
    const Bytes a = each_byte(8);
    Bytes b = a;
    CHECK(npcr_test(compare(a, b, 8), 8).z < -3);
    CHECK(uaci_test(compare(a, b, 8), 8).z < -3);
    for (auto& byte : b) byte = static_cast<std::uint8_t>(~byte);
    CHECK(uaci_test(compare(a, b, 8), 8).z > 3);
    CHECK(npcr_test(compare(a, b, 8), 8).z == Approx(std::sqrt(2048 / 255.0)));  // none equal, 8 expected
}
