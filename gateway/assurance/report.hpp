#pragma once
// The assurance report on one codec: figures, pictures, speeds, and what was left out.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codec/codec.hpp"
#include "gateway/assurance/bench.hpp"
#include "gateway/assurance/image_file.hpp"
#include "gateway/assurance/judge.hpp"
#include "gateway/assurance/statistics.hpp"

namespace portcullis::assurance {

/// Files under the folder of the report; empty if there is none.
struct Pictures {
    std::string image, cipher, histogram_before, histogram_after;
};

struct ReportedImage {
    ImageResult result;
    Pictures pictures;
};

struct Report {
    codec::Codec codec;
    KeyBits key_bits;
    std::vector<ReportedImage> images;
    std::vector<Skipped> skipped;
    Tallies tallies;
    Bench bench;
    std::optional<std::vector<Battery>> batteries;  // if they were asked for

    std::size_t files() const;  // images that came from files
    /// The codec, in every metric and battery.
    bool at_expectation() const;
    /// What is not, for people.
    std::vector<std::string> deviations() const;
};

struct ReportRequest {
    std::vector<std::filesystem::path> paths;  // files and folders
    std::filesystem::path output;              // is made
    bool statistics = false;
    double bench_seconds = 3;
    std::function<void(const std::string& what)> progress;
};

/// Judges and writes report.json, report.html and pictures/. Throws std::runtime_error: nothing to judge
/// among the paths; a file cannot be written.
Report make_report(const codec::Codec&, const ReportRequest&);

/// The document that report.json holds.
std::string to_json(const Report&);
/// A page that needs nothing but the pictures beside it.
std::string to_html(const Report&);

/// Rule 8 of the design, and the claim.
extern const char* const what_tests_prove;
extern const char* const what_we_claim;
/// Why a changed bit of a key is judged twice.
extern const char* const what_changed_keys_show;
/// How the figures come about.
extern const char* const how_it_was_done;

}  // namespace portcullis::assurance
