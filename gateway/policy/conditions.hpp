#pragma once
// The conditions of a rule, one by one: whether each holds, and the values that are compared, as text.

#include <array>

#include "gateway/policy/policy.hpp"

namespace portcullis::policy {

/// A request, and who is who in it.
struct Asked {
    const Request& request;
    const Peer* caller;  // nullptr: a stranger
    std::string from;    // its name; of a push the archive, which is known as such and not as a peer
    std::string to;      // the peer that receives; empty: none that is known
    const std::vector<Group>& groups;
};

inline constexpr std::array all_conditions = {
    Condition::operation, Condition::from,      Condition::to,          Condition::archive,
    Condition::called,    Condition::sop_class, Condition::modality,    Condition::institution,
    Condition::user,      Condition::network,   Condition::certificate, Condition::hours,
    Condition::known};

/// Those that ask the object, and nothing of who is who.
inline constexpr std::array conditions_on_objects = {Condition::sop_class, Condition::modality,
                                                     Condition::institution};

Holds holds(Condition, const Rule&, const Asked&);

/// What the rule asks for.
std::string wanted(Condition, const Rule&);
/// What the request has; empty: nothing.
std::string given(Condition, const Asked&);

/// Whether a party is named, or a group that it is in.
bool is_one_of(const std::string& party, const std::vector<std::string>& names, const std::vector<Group>&);

}  // namespace portcullis::policy
