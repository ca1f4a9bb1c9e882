#include "gateway/assurance/verdict.hpp"

#include <algorithm>

namespace portcullis::assurance {

namespace {

constexpr std::array<MetricText, metric_count> texts = {{
    {"entropy", "Entropy of the bytes", "over 7.99 bits in every unit of 64 KiB and more"},
    {"chi_square", "Chi-square of the bytes", "255 on average"},
    {"correlation", "Correlation of neighbours", "0, within 4/sqrt(pairs)"},
    {"npcr8_text", "NPCR, 8 bits, plaintext bit", "99.6094 %"},
    {"npcr16_text", "NPCR, 16 bits, plaintext bit", "99.9985 %"},
    {"uaci8_text", "UACI, 8 bits, plaintext bit", "33.4635 %"},
    {"uaci16_text", "UACI, 16 bits, plaintext bit", "33.3338 %"},
    {"npcr8_codec_key", "NPCR, 8 bits, codec key bit", "99.6094 %"},
    {"npcr16_codec_key", "NPCR, 16 bits, codec key bit", "99.9985 %"},
    {"uaci8_codec_key", "UACI, 8 bits, codec key bit", "33.4635 %"},
    {"uaci16_codec_key", "UACI, 16 bits, codec key bit", "33.3338 %"},
    {"npcr8_object_key", "NPCR, 8 bits, object key bit", "99.6094 %"},
    {"npcr16_object_key", "NPCR, 16 bits, object key bit", "99.9985 %"},
    {"uaci8_object_key", "UACI, 8 bits, object key bit", "33.4635 %"},
    {"uaci16_object_key", "UACI, 16 bits, object key bit", "33.3338 %"},
    {"key_bits", "Codec key bits reaching every byte", "at least 128"},
}};

}  // namespace

const MetricText& text_of(Metric metric) {
    return texts[static_cast<std::size_t>(metric)];
}

bool Tally::at_expectation() const {
    if (tests == 0) return true;
    return chance() >= false_alarm / static_cast<double>(metric_count) &&
           least_p >= impossible / static_cast<double>(tests);
}

void Tallies::add(Metric metric, const Test& test, double value, double weight) {
    Tally& tally = tallies_[static_cast<std::size_t>(metric)];
    ++tally.tests;
    tally.outliers += test.is_outlier();
    tally.expected_outliers += test.outlier;
    tally.least_p = std::min(tally.least_p, test.p);
    tally.weight += weight;
    tally.weighted_sum += value * weight;
}

std::vector<std::string> Tallies::deviations() const {
    std::vector<std::string> all;
    if (of(Metric::npcr8_text).tests == 0) all.emplace_back("nothing was judged");
    for (std::size_t i = 0; i < metric_count; ++i)
        if (!tallies_[i].at_expectation()) all.emplace_back(texts[i].name);
    return all;
}

}  // namespace portcullis::assurance
