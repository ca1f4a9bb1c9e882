#pragma once
// C-STORE as a service class user (PS3.4 annex B).

#include <optional>

#include "gateway/scu/call.hpp"

namespace portcullis::scu {

/// A whole object, in memory: for small ones.
struct Object {
    Uid sop_class;
    Uid sop_instance;
    Uid transfer_syntax;
    Bytes data_set;
};

/// What the archive said; nothing: it accepts no context for this class and transfer syntax.
using StoreAnswer = std::optional<std::uint16_t>;

/// All on one association, in order; at most 128 pairs of class and transfer syntax. What is answered is
/// added to `answers`, also where an error ends it. Errors: as associate(), net::errc.
net::Awaitable<Result<void>> store(const Call&, Open&, const std::vector<Object>&, ul::AssociateRj* rejection,
                                   std::vector<StoreAnswer>& answers);

}  // namespace portcullis::scu
