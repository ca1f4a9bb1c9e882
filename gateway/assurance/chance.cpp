#include "gateway/assurance/chance.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace portcullis::assurance {

namespace {

// Results may be arbitrarily absurd (the cipher under test may be none at all): chances become 0, never
// errors.
using boost::math::policies::ignore_error;
using boost::math::policies::overflow_error;
using boost::math::policies::policy;
using boost::math::policies::underflow_error;
using Quiet = policy<overflow_error<ignore_error>, underflow_error<ignore_error>>;
using Binomial = boost::math::binomial_distribution<double, Quiet>;

constexpr double least_chance = 1e-300;

/// Two tails of a discrete distribution: both hold the result itself.
double two_sided(double at_most, double at_least) {
    return std::min(1.0, 2 * std::min(at_most, at_least));
}

/// The chance that a binomial number is further than outlier_bound from its mean.
double binomial_outlier(const Binomial& distribution, std::uint64_t trials) {
    const double mean = boost::math::mean(distribution);
    const double bound = outlier_bound * boost::math::standard_deviation(distribution);
    double chance = 0;
    const double below = std::ceil(mean - bound) - 1;  // the greatest that is an outlier
    if (below >= 0) chance += boost::math::cdf(distribution, below);
    const double above = std::floor(mean + bound);  // the greatest that is none
    if (above < static_cast<double>(trials))
        chance += boost::math::cdf(boost::math::complement(distribution, above));
    return chance;
}

}  // namespace

bool Test::is_outlier() const {
    return std::abs(z) > bound;
}

double normal_two_sided(double z) {
    return std::erfc(std::abs(z) / std::sqrt(2.0));
}

double chi_square_above(double value, double degrees) {
    return boost::math::gamma_q(degrees / 2, value / 2, Quiet());
}

double poisson_at_least(std::uint64_t count, double expected) {
    if (count == 0) return 1;
    if (expected <= 0) return 0;
    return boost::math::gamma_p(static_cast<double>(count), expected, Quiet());
}

Test binomial_test(std::uint64_t successes, std::uint64_t trials, double p) {
    const Binomial distribution(static_cast<double>(trials), p);
    const double found = static_cast<double>(successes);
    const double at_most = boost::math::cdf(distribution, found);
    const double at_least =
        successes == 0 ? 1 : boost::math::cdf(boost::math::complement(distribution, found - 1));
    return {(found - boost::math::mean(distribution)) / boost::math::standard_deviation(distribution),
            two_sided(at_most, at_least), outlier_bound, binomial_outlier(distribution, trials)};
}

Test normal_test(double value, double mean, double standard_error, double bound) {
    const double z = (value - mean) / standard_error;
    return {z, normal_two_sided(z), bound, normal_two_sided(bound)};
}

Test chi_square_test(double value, double degrees) {
    const double above = std::max(chi_square_above(value, degrees), least_chance);
    const double below = std::max(boost::math::gamma_p(degrees / 2, value / 2, Quiet()), least_chance);
    const boost::math::normal normal;
    const double z = above < below ? boost::math::quantile(boost::math::complement(normal, above))
                                   : boost::math::quantile(normal, below);
    return {z, two_sided(below, above), outlier_bound, normal_two_sided(outlier_bound)};
}

Test demand(bool held) {
    return {held ? 0 : std::numeric_limits<double>::infinity(), held ? 1.0 : 0.0, outlier_bound, 0};
}

}  // namespace portcullis::assurance
