#pragma once
// What the audit says of an object: whose it is, and, of a sealed one that verified, what was done to it
// since it was sealed.

#include <string>
#include <utility>
#include <vector>

#include "gateway/audit/audit.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/query.hpp"

namespace portcullis::service {

/// "(0010,0020) (0028,0030)"; of what an archive can make as much as it likes, the first 64.
std::string names_of(const std::vector<std::uint32_t>& tags);
std::string names_of(const std::vector<codec::Path>& paths);

/// Adds "study" and "patient_id", where there is any.
void describe(const image::Identifiers&, std::vector<std::pair<std::string, audit::Value>>& values);
/// Of a retrieval: "study", or, of several, "study_uids" (the first hundred), and "patient_id" if it is
/// one's.
void describe(const image::RetrieveScope&, std::vector<std::pair<std::string, audit::Value>>& values);

/// The first hundred of them, with spaces between.
std::string listed(const std::vector<Uid>& uids);

/// Adds "changed", "missing", "edited" and "superseded", where there is any.
void describe(const image::Opened&, std::vector<std::pair<std::string, audit::Value>>& values);

}  // namespace portcullis::service
