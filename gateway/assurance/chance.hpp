#pragma once
// How likely a result is by chance. Every probability is exact where the distribution is: NPCR of a small
// unit is far from normal (131072 words of 16 bits expect 2 that are equal).

#include <cstdint>

namespace portcullis::assurance {

/// Results further from their expectation than this are outliers, where nothing else is said.
inline constexpr double outlier_bound = 3;  // standard errors

/// A result beside what chance gives.
struct Test {
    double z = 0;  // standard errors from the expectation
    double p = 1;  // two-sided: a result as far out on either side
    double bound = outlier_bound;
    double outlier = 0;  // the chance of |z| > bound
    bool is_outlier() const;
};

/// Chance of a standard normal number beyond z on either side: 0.0027 for 3.
double normal_two_sided(double z);
/// Chance of chi-square at or above `value`.
double chi_square_above(double value, double degrees);
/// Chance of at least `count` events where `expected` are.
double poisson_at_least(std::uint64_t count, double expected);

/// `successes` of `trials`, each of chance `p`. The sign of z is that of successes - expectation.
Test binomial_test(std::uint64_t successes, std::uint64_t trials, double p);
/// A number that chance makes normal.
Test normal_test(double value, double mean, double standard_error, double bound = outlier_bound);
/// Chi-square, taken as the normal number of the same chance.
Test chi_square_test(double value, double degrees);
/// What is to hold, whatever chance does.
Test demand(bool held);

}  // namespace portcullis::assurance
