#pragma once
// From many results to one word per metric.
//
// A metric is at expectation if
// - no more of its results are outliers than chance gives for their number: the outliers that chance lets
//   expect are summed over the results, and finding as many as there are, or more, is no rarer than
//   false_alarm over the number of metrics (Poisson, which is on the safe side of independent events);
// - and no single result is rarer than impossible over their number: one image that fails among many.
// So one report in a thousand calls a perfect cipher conspicuous.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/assurance/chance.hpp"

namespace portcullis::assurance {

inline constexpr double false_alarm = 1e-3;
inline constexpr double impossible = 1e-6;

enum class Metric {
    entropy,
    chi_square,
    correlation,
    npcr8_text,  // one bit of the plaintext changed
    npcr16_text,
    uaci8_text,
    uaci16_text,
    npcr8_codec_key,  // one bit of the codec's key changed, of those that reach every byte
    npcr16_codec_key,
    uaci8_codec_key,
    uaci16_codec_key,
    npcr8_object_key,  // one bit of the object's key changed, any of them
    npcr16_object_key,
    uaci8_object_key,
    uaci16_object_key,
    key_bits,
};
inline constexpr std::size_t metric_count = 16;

/// Those of one kind of changed bit.
struct ChangeMetrics {
    Metric npcr8, npcr16, uaci8, uaci16;
};
inline constexpr ChangeMetrics text_bit = {Metric::npcr8_text, Metric::npcr16_text, Metric::uaci8_text,
                                           Metric::uaci16_text};
inline constexpr ChangeMetrics codec_key_bit = {Metric::npcr8_codec_key, Metric::npcr16_codec_key,
                                                Metric::uaci8_codec_key, Metric::uaci16_codec_key};
inline constexpr ChangeMetrics object_key_bit = {Metric::npcr8_object_key, Metric::npcr16_object_key,
                                                 Metric::uaci8_object_key, Metric::uaci16_object_key};

struct MetricText {
    const char* id;           // for scripts
    const char* name;         // for people
    const char* expectation;  // the demand in words
};
const MetricText& text_of(Metric);

struct Tally {
    std::uint64_t tests = 0;
    std::uint64_t outliers = 0;
    double expected_outliers = 0;
    double least_p = 1;
    double weight = 0;
    double weighted_sum = 0;

    double mean() const { return weight > 0 ? weighted_sum / weight : 0; }
    /// Of as many outliers, or more.
    double chance() const { return poisson_at_least(outliers, expected_outliers); }
    bool at_expectation() const;
};

class Tallies {
  public:
    /// `weight`: what the value counts in the mean, e.g. the words that it is a mean of.
    void add(Metric, const Test&, double value, double weight);
    const Tally& of(Metric metric) const { return tallies_[static_cast<std::size_t>(metric)]; }
    /// What is not at expectation, by name; empty if nothing is. Without a judged unit nothing is known.
    std::vector<std::string> deviations() const;

  private:
    std::array<Tally, metric_count> tallies_;
};

}  // namespace portcullis::assurance
