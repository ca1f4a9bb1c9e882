#pragma once
// C-FIND, C-MOVE and C-GET as a service class user, in the Study Root model (PS3.4 C.6.2).

#include "gateway/scu/call.hpp"
#include "gateway/scu/conversation.hpp"
#include "gateway/scu/identifier.hpp"

namespace portcullis::scu {

/// The final response. Counts are 0 where it does not say.
struct Answer {
    std::uint16_t status;
    std::uint16_t completed, failed, warning;
    std::string comment;  // (0000,0902)
};

/// Called for each match. False: enough, the rest is not taken.
using OnMatch = std::function<void(const Keys&)>;

// Errors: as associate(), net::errc, ul::errc, dimse::errc; and errc::rejected where the archive does not
// accept the model or no class to get.
net::Awaitable<Result<Answer>> find(const Call&, Open&, const Keys&, const OnMatch&,
                                    ul::AssociateRj* rejection);
net::Awaitable<Result<Answer>> move(const Call&, Open&, const Keys&, const AeTitle& destination,
                                    ul::AssociateRj* rejection);
/// What comes goes to the receiver, which says in which transfer syntaxes `sop_classes` are taken.
net::Awaitable<Result<Answer>> get(const Call&, Open&, const Keys&, Receiver&,
                                   const std::vector<Uid>& sop_classes, ul::AssociateRj* rejection);

}  // namespace portcullis::scu
