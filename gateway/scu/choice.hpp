#pragma once
// In which transfer syntaxes we take what an archive sends back.

#include <optional>
#include <vector>

#include "gateway/ul/pdu.hpp"

namespace portcullis::scu {

/// In which archives keep images that they, or scanners, compressed.
const std::vector<Uid>& compressed();

/// Where any context of a SOP class offers a preferred one, the preferred ones and no others: some archives
/// take the first context that was accepted for a class, whether the object suits it or not.
struct Choice {
    std::vector<Uid> preferred = {};  // the best first
    enum class Else {
        uncompressed,   // one of these, or else what there is
        as_it_is_kept,  // whatever each context names first
    } otherwise = Else::uncompressed;
};

/// What to accept of one context of a request.
std::optional<Uid> choose(const Choice&, const ul::AssociateRq&, const ul::ProposedContext&);

/// The contexts of a C-GET for a SOP class, from this id on: one for each transfer syntax that the choice
/// admits.
std::vector<ul::ProposedContext> contexts_of(const Choice&, const Uid& sop_class, unsigned first_id);

}  // namespace portcullis::scu
