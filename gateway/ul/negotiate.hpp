#pragma once
// Negotiation by mirroring (design: open the archive leg with the scanner's own proposal, answer the scanner
// with what the archive accepted). Pure functions over PDUs.

#include <functional>

#include "gateway/base/error.hpp"
#include "gateway/ul/pdu.hpp"

namespace portcullis::ul {

/// What the gateway puts in place of a peer's own words.
struct Identity {
    std::string implementation_class_uid;
    std::string implementation_version_name;
    std::uint32_t maximum_length;  // what we can receive; 0 is not allowed for ourselves
};

/// What this implementation says of itself.
Identity own_identity(std::uint32_t maximum_length);

/// Whether the gateway can carry a transfer syntax in a context of this abstract syntax.
using CanCarry = std::function<bool(const Uid& abstract_syntax, const Uid& transfer_syntax)>;

/// The scanner's proposal for the archive: same context ids, roles, extended negotiation, user identity and
/// window; only titles, identity, and the transfer syntaxes that cannot be carried differ. A context that
/// loses all its transfer syntaxes is left out.
AssociateRq mirror_request(const AssociateRq& from_scanner, const AeTitle& called, const AeTitle& calling,
                           const Identity& own, const CanCarry& can_carry);

/// The archive's answer for the scanner. Contexts that were left out come back as
/// transfer_syntaxes_not_supported; an operations window only if the scanner proposed one.
AssociateAc mirror_answer(const AssociateRq& from_scanner, const AssociateAc& from_archive,
                          const Identity& own);

/// Picks one of the proposed transfer syntaxes of a context, or none (the context is then rejected).
using ChooseTransferSyntax = std::function<std::optional<Uid>(const ProposedContext&)>;

/// The gateway's own answer, where it is the one addressed (an archive that delivers, an echo).
AssociateAc accept(const AssociateRq& request, const Identity& own, const ChooseTransferSyntax& choose);

/// The first context for an abstract syntax that proposes one of these transfer syntaxes; null if none does.
const ProposedContext* find_proposal(const AssociateRq& request, const Uid& abstract_syntax,
                                     const std::vector<Uid>& transfer_syntaxes);

/// Proposes this, if it is not proposed yet, in a context of its own behind the others; in none if all ids
/// are taken.
void offer(AssociateRq& request, const Uid& abstract_syntax, const Uid& transfer_syntax);

/// The user name of an association (PS3.7 D.3.3.7, types 1 and 2) if the acceptor answered for it: what the
/// requestor says of itself is no more than that until then. Nothing for tickets and tokens.
std::optional<std::string> confirmed_user(const AssociateRq&, const AssociateAc&);

/// What was agreed for a context: both sides of an association look it up here.
struct AgreedContext {
    Uid abstract_syntax;
    Uid transfer_syntax;
    bool operator==(const AgreedContext&) const = default;
};

/// The accepted contexts by id. Errors: errc::invalid_value if the answer names an id that was not proposed
/// or a transfer syntax that was not offered for it.
Result<std::vector<std::pair<ContextId, AgreedContext>>> agreed_contexts(const AssociateRq&,
                                                                         const AssociateAc&);

}  // namespace portcullis::ul
