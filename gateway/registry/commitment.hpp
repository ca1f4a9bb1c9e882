#pragma once
// Who asked an archive to commit itself to the storage of objects (PS3.4 annex J): the answer may come hours
// later, on an association of the archive's own.

#include <cstdint>
#include <string>

#include "gateway/base/address.hpp"
#include "gateway/base/names.hpp"
#include "gateway/journal/journal.hpp"

namespace portcullis::registry {

struct Commitment {
    Uid transaction;
    std::string archive;  // name in the configuration
    AeTitle scanner;      // as it calls itself
    AeTitle called;       // as it calls the archive
    AeTitle known_as;     // the scanner, to the archive
    IpAddress address;    // of the scanner
    std::uint64_t time_ms = 0;
    std::string peer = {};  // name in the configuration by which the scanner was recognised; empty: nobody's
    bool operator==(const Commitment&) const = default;
};

/// What is older is forgotten with the next that comes, and so are the oldest beyond this number.
inline constexpr std::uint64_t commitments_kept_ms = std::uint64_t{30} * 24 * 60 * 60 * 1000;
inline constexpr std::uint64_t most_commitments = 100'000;

/// For the journal.
journal::Entry asked(const Commitment&);

}  // namespace portcullis::registry
