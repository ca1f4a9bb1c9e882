#pragma once
// What the audit says of a sealed object that verified: what was done to it since it was sealed.

#include <string>
#include <utility>
#include <vector>

#include "gateway/audit/audit.hpp"
#include "gateway/image/open.hpp"

namespace portcullis::service {

/// "(0010,0020) (0028,0030)"; of what an archive can make as much as it likes, the first 64.
std::string names_of(const std::vector<std::uint32_t>& tags);
std::string names_of(const std::vector<codec::Path>& paths);

/// Adds "changed", "missing", "edited" and "superseded", where there is any.
void describe(const image::Opened&, std::vector<std::pair<std::string, audit::Value>>& values);

}  // namespace portcullis::service
