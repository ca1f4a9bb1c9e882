#pragma once
// What an archive delivers: the association on which it stores the objects of a C-MOVE to the gateway, and
// the associations to the real destinations behind it. What it pushes: objects that nobody asked for, by
// calling the title of a peer. And what it reports: results of storage commitments, for which it calls the
// scanner that asked.

#include <map>

#include "gateway/net/pump.hpp"
#include "gateway/service/delivery.hpp"
#include "gateway/service/pushes.hpp"

namespace portcullis::service {

class EgressSession final : public MessageHandler {
  public:
    EgressSession(Services& services, const Archive& archive, std::shared_ptr<net::Association> association,
                  IpAddress address);

    /// Answers the request and serves until the association ends.
    net::Awaitable<void> serve();

    net::Awaitable<Result<std::unique_ptr<Inflow>>> command(ContextId context,
                                                            dimse::Command command) override;
    Result<void> progressed() override;

    Services& services() { return services_; }
    const Archive& archive() const { return archive_; }
    /// What the archive proposed, and whom it called.
    const ul::AssociateRq& proposal() const { return association_->proposal(); }
    const AeTitle& called() const { return proposal().called; }
    /// What was agreed with the archive for a context in which it sends.
    const ul::AgreedContext& agreed(ContextId context) const { return *leg_->context(context); }
    /// An object is complete and waits for its destination.
    void delivering();
    /// Answers the archive.
    net::Awaitable<Result<void>> respond(ContextId context, dimse::Command response);
    /// The association to a retrieval's destination, opened if need be. Errors: net::errc, ul::errc.
    net::Awaitable<Result<std::shared_ptr<Leg>>> destination(const std::shared_ptr<Retrieval>& retrieval);
    /// Ends an association without waiting for it: a peer that is slow to agree does not hold up the archive.
    void release(std::shared_ptr<Leg> leg);
    /// What the destination has received of an object must not become one.
    net::Awaitable<void> abort_destination(const Retrieval& retrieval);
    /// It cannot be reached, or does not answer: the other objects of the retrieval do not wait for it again.
    void give_up_destination(const Retrieval& retrieval, ErrorCode why);

  private:
    struct Destination {
        std::shared_ptr<Retrieval> retrieval;
        std::shared_ptr<Leg> leg;  // nothing: it was given up, or aborted
        ErrorCode given_up;
    };

    void release_finished();
    bool delivers() const;
    ul::AssociateAc answer() const;
    std::vector<std::shared_ptr<Retrieval>> candidates(const dimse::Command& request);
    std::optional<Uid> choose(const ul::ProposedContext& context, const std::vector<Uid>& studies) const;
    ul::AssociateRq proposal_for(const Retrieval& retrieval) const;

    Services& services_;
    const Archive& archive_;
    std::shared_ptr<net::Association> association_;
    std::shared_ptr<Leg> leg_;
    Pushes pushes_;
    std::map<const Retrieval*, Destination> destinations_;
};

}  // namespace portcullis::service
