#pragma once
// What the trips of the test study say about an archive: for whoever decides whether to seal into it. Pure.

#include <optional>
#include <string>
#include <vector>

#include "gateway/probe/sealed.hpp"

namespace portcullis::probe {

/// One object on its way into the archive and back.
struct Trip {
    std::string name;                       // of the specimen
    std::string syntax;                     // UID of the transfer syntax in which it was sent
    scu::StoreAnswer stored = {};           // nothing: no context for it was accepted
    std::optional<Observed> observed = {};  // nothing: it did not come back
    std::string trouble = {};               // why not, if it was stored

    /// Status 0000 or a warning.
    bool was_stored() const;
};

struct SealedTrip {
    Trip trip;  // of the sealed object, which is compared as it is
    std::optional<Opening> opening = {};
};

struct Evidence {
    std::vector<Trip> plain;
    std::vector<SealedTrip> sealed;
    std::vector<Observed> as_kept;  // native plain ones, asked for in whatever the archive keeps them
};

enum class Level {
    good,
    note,       // worth knowing
    condition,  // it is safe as long as this is minded
    bad,        // it is not safe
};

struct Finding {
    std::string name;
    Level level;
    std::string found;
    std::string means = {};   // of all but good ones
    std::string action = {};  // what to do
};

enum class Verdict { safe, with_conditions, not_safe };

std::vector<Finding> judge(const Evidence&);
Verdict verdict(const std::vector<Finding>&);
std::string_view name(Level);
std::string_view name(Verdict);

}  // namespace portcullis::probe
