#pragma once
// Names for people.

#include <cstdint>
#include <string>
#include <vector>

namespace portcullis::probe {

/// Of a transfer syntax (PS3.6 table A-1); the UID itself if it is not one of the usual.
std::string syntax_name(const std::string& uid);
/// Whether the transfer syntax is always lossy.
bool is_lossy(const std::string& uid);
/// "SOP Instance UID", or "(gggg,eeee)".
std::string tag_name(std::uint32_t tag);
std::string joined(const std::vector<std::string>& parts, const std::string& between);
/// "A, B and C".
std::string listed(const std::vector<std::string>& parts);

/// Names, and what is said of them together.
struct Clause {
    std::string says;
    std::vector<std::string> of = {};
};
/// "takes A and B; refuses C; and the rest": a clause of no names is left out.
std::string clauses(const std::vector<Clause>&, const std::vector<std::string>& rest);

inline const std::string keep_the_registry =
    "back up the registry as you back up the keyring; keep durability: strict";

}  // namespace portcullis::probe
