#pragma once
// The parts of a report.

#include "gateway/auditor/report.hpp"

namespace portcullis::auditor {

/// "98.2 %", rounded down; of none "none". Objects that have nothing to seal do not count.
std::string sealed_share(const Stored&);

Section retrieved(const Day&);
Section absent(const Day&);
Section refused(const Day&);
Section alerts(const Day&);
Section exceptions(const Day&);
Section coverage(const Day&);
Section keys(const Day&);
Section troubles(const Day&);
Section observed(const Day&);
Section service(const Day&);
Section integrity(const DayOfLog&, const std::string& place);

}  // namespace portcullis::auditor
