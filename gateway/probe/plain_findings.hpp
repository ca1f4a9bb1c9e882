#pragma once
// What the plain objects of the test study show: how an archive treats every image, sealed or not.

#include "gateway/probe/findings.hpp"

namespace portcullis::probe {

/// If none came back, only what is said of transfer syntaxes.
std::vector<Finding> plain_findings(const Evidence&);

}  // namespace portcullis::probe
