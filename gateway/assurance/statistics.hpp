#pragma once
// Batteries of statistical tests by others, where they are installed: dieharder and ent, on the codec's
// keystream: what it makes of units of 256 KiB of zeros, numbered on, under one key.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codec/codec.hpp"

namespace portcullis::assurance {

/// What a test may read. Dieharder's that read more are left out, as those that its authors call suspect.
inline constexpr std::uint64_t keystream_limit = std::uint64_t{1} << 30;

struct PValue {
    std::string test;
    std::string detail;       // dieharder's ntuple; of ent the figure
    std::optional<double> p;  // none: it read all there was and came to no end
};

struct Battery {
    std::string program;
    bool installed = false;
    std::vector<PValue> values;

    std::size_t failures() const;  // nearer than 1e-6 to 0 or 1
    std::size_t weak() const;      // nearer than 0.005, as dieharder has it
    double expected_weak() const { return 0.01 * static_cast<double>(values.size()); }
    /// No failure, and no more weak ones than chance gives (Poisson, one in a thousand).
    bool at_expectation() const;
};

/// Throws std::runtime_error if a program is there but does not do its work.
std::vector<Battery> run_batteries(const codec::Codec&,
                                   const std::function<void(const std::string&)>& progress);

/// The p-values in what dieharder prints with -c ','.
std::vector<PValue> parse_dieharder(const std::string& output);
/// Chi-square of the bytes in what `ent -t` prints; nothing if it is not there.
std::optional<double> parse_ent(const std::string& output);

}  // namespace portcullis::assurance
