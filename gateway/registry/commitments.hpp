#pragma once
// The table of commitments.

#include <soci/soci.h>

#include <optional>

#include "gateway/registry/commitment.hpp"

namespace portcullis::registry {

/// Adds it, and forgets what is too old or too many.
void write(soci::session& sql, const Commitment&);
/// The latest of this transaction, in which the archive knows the scanner by this title.
std::optional<Commitment> find_commitment(soci::session& sql, const std::string& archive,
                                          const Uid& transaction, const AeTitle& known_as);
/// Whether there is one of a scanner that the archive knows by this title.
bool has_commitment(soci::session& sql, const std::string& archive, const AeTitle& known_as);

}  // namespace portcullis::registry
