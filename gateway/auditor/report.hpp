#pragma once
// The page of a day.

#include <filesystem>
#include <string>

#include "gateway/auditor/chain.hpp"
#include "gateway/auditor/day.hpp"
#include "gateway/auditor/page.hpp"

namespace portcullis::auditor {

/// What a log holds of a day of UTC.
struct DayOfLog {
    std::string day;  // "2026-11-29"
    Day sums;
    Chain chain;  // of all records of the files that were read for it
};

/// Throws std::runtime_error with one line if the log cannot be read. What is no record, or not in its
/// place, is told by `chain`.
DayOfLog read_day(const std::filesystem::path& log, const std::string& day);

/// Where the log is, as the command line names it: "--config FILE" or "--log DIR".
Page report(const DayOfLog&, const std::string& place);

}  // namespace portcullis::auditor
