#pragma once
// What a scanner or a viewer asks of an archive: its association, the archive's behind it, and everything
// that is in flight between them. Both legs live on one thread; each is read by a pump of its own, so that
// neither side waits for the other to speak.

#include <map>
#include <memory>
#include <optional>

#include "codec/object.hpp"
#include "gateway/image/commitment.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/net/pump.hpp"
#include "gateway/net/signal.hpp"
#include "gateway/service/delivery.hpp"
#include "gateway/service/judged.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

/// A C-STORE on its way to the archive.
struct StoreInFlight {
    std::uint64_t time_ms = 0;
    std::string decision;                  // as the audit names it
    std::uint64_t bytes = 0;               // of the data set, as the scanner sent it
    std::string envelope_id;               // empty: nothing to seal
    bool recorded = false;                 // its row is in the registry
    bool stored_before = false;            // the row is that of an earlier store
    bool sent = false;                     // its last fragment is on its way
    std::optional<dimse::Command> answer;  // of an archive that answers before it has everything
    image::Identifiers identifiers;
    std::optional<StoresInFlight::Entry> unanswered;  // until the archive has answered
};

class Query;

/// Why nothing more is known of a request.
constexpr std::string_view ended_unanswered = "the association ended before the archive had answered";

/// A request that the archive has not finished answering.
struct Pending {
    ContextId context;
    dimse::Command request;  // as the scanner sent it
    std::string rule;
    std::shared_ptr<Retrieval> retrieval;                     // of a C-MOVE or C-GET
    std::shared_ptr<StoreInFlight> store;                     // of a C-STORE
    std::optional<image::CommitmentSummary> commitment = {};  // of a Storage Commitment Request
    std::shared_ptr<Query> query = {};                        // of a C-FIND
};

/// A request of the archive to the scanner or viewer.
struct Asked {
    ContextId context;                                    // in which the archive asked
    std::shared_ptr<Delivery> object;                     // of a C-STORE of a C-GET
    std::optional<image::CommitmentSummary> result = {};  // of a Storage Commitment
};

class IngressSession : public std::enable_shared_from_this<IngressSession> {
  public:
    IngressSession(Services& services, const Archive& archive, std::shared_ptr<net::Association> scanner,
                   IpAddress address);

    ~IngressSession();
    IngressSession(const IngressSession&) = delete;
    IngressSession& operator=(const IngressSession&) = delete;

    /// Mirrors the negotiation and serves until the association ends.
    net::Awaitable<void> serve();

    Services& services() { return services_; }
    const Archive& archive() const { return archive_; }
    ArchiveTraffic& traffic() { return services_.traffic.at(archive_.name); }
    Leg& scanner() { return *scanner_; }
    const AeTitle& calling() const { return association_->proposal().calling; }
    const AeTitle& called() const { return association_->proposal().called; }
    const IpAddress& address() const { return address_; }
    /// The caller's, verified; nullptr: it showed none.
    const Certificate* certificate() const { return certificate_.get(); }
    /// Whom the archive has confirmed, if anybody.
    std::optional<std::string> user() const {
        return ul::confirmed_user(association_->proposal(), association_->answer());
    }
    /// What the archive is told that the scanner's title is.
    AeTitle known_as() const;
    /// By what is in use now.
    policy::Verdict decide(const dimse::Command& request) const { return judge(request).decide(); }
    Judged judge(const dimse::Command& request) const;
    /// By what else about the request is decided by; `to` names the peer that receives.
    Judged judge(const dimse::Command& request, std::shared_ptr<const Access> access,
                 std::optional<std::string> to) const;

    /// The archive's leg; opened again, with what was agreed at first, if it is gone and nothing was in
    /// flight on it. Errors: net::errc, ul::errc.
    net::Awaitable<Result<std::shared_ptr<Leg>>> archive_leg();
    /// Ends the archive's association because what it holds must not become an object. What else was in
    /// flight there is answered with a failure; the next message opens a new one.
    net::Awaitable<void> abandon_archive();

    /// Gives the request an id towards the archive. Nothing if all are in flight.
    std::optional<MessageId> add_pending(Pending pending);
    Pending* pending(MessageId upstream);
    std::map<MessageId, Pending>& all_pending() { return pending_; }
    void finish_pending(MessageId upstream);

    /// Answers the scanner itself, without the archive, and says so in the audit.
    net::Awaitable<Result<void>> refuse(ContextId context, const dimse::Command& request,
                                        std::uint16_t status, std::string reason, std::string rule,
                                        std::string event = "refusal", std::string detail = {});
    net::Awaitable<Result<void>> answer_store(MessageId upstream, dimse::Command answer);
    audit::Record record(const std::string& event, const dimse::Command& request) const;
    /// That a request for a commitment, or its result, was answered.
    void note_commitment(const std::string& phase, const image::CommitmentSummary&,
                         const dimse::Command& answer);
    /// For an object that is to be sealed: made ahead, or now. Nothing if that fails; who seals finds out
    /// why.
    std::optional<codec::FreshKeys> fresh_keys();
    /// For the next object, while its scanner does not wait for them. Kept until then, or as long as the
    /// association.
    void make_fresh_keys();
    /// After each PDU of either side. An error: requests wait for an archive that is gone.
    Result<void> progressed();
    /// Returns when a further request may be in flight: what one peer can have waiting is bounded.
    net::Awaitable<void> room_for_a_request();
    /// The archive's leg if it is there: for what is said about something that began on it.
    std::shared_ptr<Leg> present_archive_leg();

    /// What the archive asked the scanner or viewer, and has no response to, by the archive's message id.
    std::map<MessageId, Asked>& asked() { return asked_; }

  private:
    struct ArchiveLeg {
        explicit ArchiveLeg(std::shared_ptr<Leg> established)
            : leg(std::move(established)), ended(leg->association().executor()) {}
        std::shared_ptr<Leg> leg;
        net::Signal ended;
        bool in_message = false;
        bool over = false;  // we ended it, or know that it ended
    };

    net::Awaitable<bool> negotiate();
    net::Awaitable<Result<std::shared_ptr<ArchiveLeg>>> connect(ul::AssociateRj* rejection);
    static net::Awaitable<void> read_archive(std::shared_ptr<IngressSession> self,
                                             std::shared_ptr<ArchiveLeg> archive);
    net::Awaitable<void> archive_ended(ArchiveLeg& archive, Result<void> how);
    net::Awaitable<void> scanner_ended(Result<void> how);
    ul::AssociateRq upstream_proposal() const;
    void update_deadlines();
    void start_reading(const std::shared_ptr<ArchiveLeg>& archive);
    void forget_pending();
    void note_association(const std::string& outcome, const std::string& detail) const;

    Services& services_;
    const Archive& archive_;
    std::shared_ptr<net::Association> association_;
    IpAddress address_;
    std::shared_ptr<const Certificate> certificate_;
    std::shared_ptr<Leg> scanner_;
    std::shared_ptr<ArchiveLeg> archive_leg_;
    std::map<MessageId, Pending> pending_;
    std::map<MessageId, Asked> asked_;
    boost::asio::steady_timer room_;
    bool scanner_in_message_ = false;
    std::optional<codec::FreshKeys> fresh_keys_;
};

}  // namespace portcullis::service
