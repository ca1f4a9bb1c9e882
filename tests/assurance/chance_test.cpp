#include "gateway/assurance/chance.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace portcullis::assurance;

TEST_CASE("Chi-square has the critical values of the published tables") {
    CHECK(chi_square_above(3.841, 1) == Approx(0.05).epsilon(1e-3));
    CHECK(chi_square_above(23.209, 10) == Approx(0.01).epsilon(1e-3));
    CHECK(chi_square_above(124.342, 100) == Approx(0.05).epsilon(1e-3));
    CHECK(chi_square_above(293.248, 255) == Approx(0.05).epsilon(1e-3));
    CHECK(chi_square_above(310.457, 255) == Approx(0.01).epsilon(1e-3));
    CHECK(chi_square_above(0, 255) == 1);
}

TEST_CASE("Three standard errors are 0.0027 where chance is normal") {
    CHECK(normal_two_sided(3) == Approx(0.0026998).epsilon(1e-4));
    CHECK(normal_two_sided(-1.959964) == Approx(0.05).epsilon(1e-5));
    const Test test = normal_test(10, 4, 2);
    CHECK(test.z == 3);
    CHECK_FALSE(test.is_outlier());
    CHECK(test.outlier == Approx(0.0026998).epsilon(1e-4));
    CHECK(normal_test(10.1, 4, 2).is_outlier());
    CHECK(normal_test(-2.1, 4, 2).is_outlier());
    CHECK_FALSE(normal_test(11.9, 4, 2, 4).is_outlier());
}

TEST_CASE("Of ten coins all or none are beyond three standard errors, and nothing else is") {
    for (const std::uint64_t heads : {0U, 10U}) {
        const Test test = binomial_test(heads, 10, 0.5);
        CHECK(test.is_outlier());
        CHECK(test.p == Approx(2.0 / 1024));
        CHECK(test.outlier == Approx(2.0 / 1024));
    }
    const Test nine = binomial_test(9, 10, 0.5);
    CHECK_FALSE(nine.is_outlier());
    CHECK(nine.z == Approx(4 / std::sqrt(2.5)));
    CHECK(nine.p == Approx(2 * 11.0 / 1024));
    CHECK(binomial_test(5, 10, 0.5).p == 1);
}

TEST_CASE("A unit of 131072 words, where two equal ones are expected, is not judged as if it were normal") {
    // Poisson with mean 2: seven and more are beyond 2 + 3 * sqrt(2), P = 0.004534; fewer than none cannot
    // be.
    CHECK(poisson_at_least(7, 2) == Approx(0.0045338).epsilon(1e-4));
    CHECK(binomial_test(2, 131072, 1.0 / 65536).outlier == Approx(0.0045338).epsilon(1e-3));
    CHECK(binomial_test(7, 131072, 1.0 / 65536).is_outlier());
    CHECK_FALSE(binomial_test(6, 131072, 1.0 / 65536).is_outlier());
    CHECK_FALSE(binomial_test(0, 131072, 1.0 / 65536).is_outlier());
}

TEST_CASE("Poisson tails at their ends") {
    CHECK(poisson_at_least(0, 0) == 1);
    CHECK(poisson_at_least(1, 0) == 0);
    CHECK(poisson_at_least(1, 0.5) == Approx(1 - std::exp(-0.5)));
}

TEST_CASE("A chi-square is judged on both sides") {
    CHECK(std::abs(chi_square_test(255, 255).z) < 0.1);
    CHECK(chi_square_test(330, 255).is_outlier());  // P(>= 330) = 0.0011
    CHECK(chi_square_test(190, 255).is_outlier());  // too flat to be chance
    CHECK_FALSE(chi_square_test(310, 255).is_outlier());
    const Test absurd = chi_square_test(1e9, 255);
    CHECK(absurd.is_outlier());
    CHECK(std::isfinite(absurd.z));
}
