#pragma once
// What an archive delivers: the association on which it stores the objects of a C-MOVE to the gateway, and
// the associations to the real destinations behind it.

#include <map>

#include "gateway/service/delivery.hpp"
#include "gateway/service/pump.hpp"

namespace portcullis::service {

class EgressSession final : public MessageHandler {
  public:
    EgressSession(Services& services, const Archive& archive, std::shared_ptr<net::Association> association);

    /// Answers the request and serves until the association ends.
    net::Awaitable<void> serve();

    net::Awaitable<Result<std::unique_ptr<Inflow>>> command(ContextId context,
                                                            dimse::Command command) override;
    void progressed() override;

    Services& services() { return services_; }
    const Archive& archive() const { return archive_; }
    /// An object is complete and waits for its destination.
    void delivering();
    /// Answers the archive.
    net::Awaitable<Result<void>> respond(ContextId context, dimse::Command response);
    /// The association to a retrieval's destination, opened if need be. Errors: net::errc, ul::errc.
    net::Awaitable<Result<std::shared_ptr<Leg>>> destination(const Retrieval& retrieval);
    /// What the destination has received of an object must not become one.
    net::Awaitable<void> abort_destination(const Retrieval& retrieval);

  private:
    std::optional<Uid> choose(const ul::ProposedContext& context, const std::vector<Uid>& studies) const;
    ul::AssociateRq proposal_for(const Retrieval& retrieval) const;

    Services& services_;
    const Archive& archive_;
    std::shared_ptr<net::Association> association_;
    std::shared_ptr<Leg> leg_;
    std::map<MessageId, std::shared_ptr<Leg>> destinations_;  // by the retrieval's upstream message id
};

}  // namespace portcullis::service
