#pragma once
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "gateway/dimse/command.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

/// What an archive sends by itself on one association, to the peer whose title it calls: auto-routing, for
/// one. Policy decides of each object, and what it decides alike shares an association to that peer.
class Pushes {
  public:
    Pushes(Services& services, const Archive& archive, const net::Association& association,
           IpAddress address);

    /// What the object of this C-STORE-RQ belongs to, refused or not; none if the called title is that of no
    /// peer that can be called.
    std::vector<std::shared_ptr<Retrieval>> of(const dimse::Command& request);

  private:
    std::shared_ptr<Retrieval> begin(const policy::Peer& receiver, Judged judged) const;

    Services& services_;
    const Archive& archive_;
    const net::Association& association_;
    IpAddress address_;
    std::shared_ptr<const Access> access_;  // by which the last object was decided
    std::map<std::vector<const policy::Rule*>, std::shared_ptr<Retrieval>> by_rules_;  // that may decide
};

}  // namespace portcullis::service
