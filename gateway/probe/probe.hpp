#pragma once
// Sends the test study to an archive and back.

#include <functional>

#include "gateway/probe/findings.hpp"

namespace portcullis::probe {

struct Report {
    std::string where;    // "PACS at 10.0.0.5:104"
    std::string way;      // how the objects came back, and why not otherwise
    StudyNames study;     // what stays in the archive
    std::size_t objects;  // that it stored
    double seconds;       // for the median object and its way back; what is waited for, no measure of speed
    std::vector<Finding> findings;
};

/// Called before each step, for people who wait.
using Say = std::function<void(const std::string&)>;

/// Throws scu::Failed: the archive does not answer, or there is no way by which objects come back.
Report probe(const Settings&, const Archive&, const Codecs&, const Say&);

}  // namespace portcullis::probe
