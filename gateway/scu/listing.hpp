#pragma once
// What an archive says that it holds, level by level (PS3.4 C.6.2.1).

#include "gateway/scu/client.hpp"

namespace portcullis::scu {

struct ListedInstance {
    Uid sop_instance;
    std::optional<Uid> sop_class;  // where the archive says it
};

// All throw Failed, also if the archive answers with a failure. Matches without a valid UID, or of one that
// was named, are left out.

/// The studies that match these keys; none: all.
std::vector<Uid> list_studies(Client&, const Keys& restricted_to);
std::vector<Uid> list_series(Client&, const Uid& study);
std::vector<ListedInstance> list_instances(Client&, const Uid& study, const Uid& series);

/// What to offer for a C-GET: the classes that the archive named, or, if it named none, the most usual ones,
/// since each takes a context for each transfer syntax.
std::vector<Uid> classes_to_get(std::vector<Uid> named);

}  // namespace portcullis::scu
