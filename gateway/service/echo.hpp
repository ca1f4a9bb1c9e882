#pragma once
// C-ECHO (PS3.7 9.1.5) to everything that the configuration calls: does it answer, does it know us? And a
// connection to the audit record repositories.

#include <string>
#include <vector>

#include "gateway/settings.hpp"

namespace portcullis::service {

struct Echoed {
    std::string what;   // "archive main", "peer reading-room" or "repository"
    std::string where;  // "PACS at 10.0.0.5:104", "audit.example:6514"
    bool answered;
    std::string detail;  // why not
};

/// One after the other, each within the limits' connect and ARTIM times; an archive is called by the
/// gateway's own title.
std::vector<Echoed> echo_all(const Settings& settings);

}  // namespace portcullis::service
