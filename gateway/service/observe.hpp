#pragma once
// mode: observe. What scanners, viewers and the archive say to each other is relayed as it comes; what would
// be done with it if the mode were enforce is in the audit and in the metrics. What is there goes on before
// it is looked at, and nothing that is relayed fails with that.

#include "gateway/service/ingress.hpp"

namespace portcullis::service {

/// What would be done with a request.
struct Would {
    std::string
        what;  // as the policy decides: seal, pass, open, sealed, relay, refuse; or depends: on the objects
    std::string rule;
    std::string from;  // the peer that the caller was recognised as; empty: a stranger
    // Of a refusal:
    std::uint16_t status = 0;
    std::string reason{};
    std::string detail{};
    std::vector<std::pair<std::string, audit::Value>> more{};
};

/// Writes it into `record`, an `observe`, and counts it.
void report(Services&, audit::Record record, policy::Operation, Would);
/// Of a request that passes as bytes if the policy lets it.
Would would_relay(const policy::Verdict&);

/// That the gateway observes: a metric, and if so a warning in the log.
void announce_mode(Services&);
/// What would not be offered to the archive, if there is something.
void report_not_offered(IngressSession&, const ul::AssociateRq& from_scanner);

/// Sees the bytes of one request pass.
class Observer {
  public:
    virtual ~Observer() = default;
    virtual void take(ByteView fragment) = 0;
    /// The request is complete: reports.
    virtual void conclude() = 0;
};
std::unique_ptr<Observer> make_observer(IngressSession&, ContextId, const dimse::Command& request,
                                        const Judged&);

/// A request on its way, and who watches it. What is there goes on before it is looked at.
class ObservedRequest final : public Inflow {
  public:
    ObservedRequest(std::unique_ptr<Inflow> passing, std::unique_ptr<Observer> observer)
        : passing_(std::move(passing)), observer_(std::move(observer)) {}
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    std::unique_ptr<Inflow> passing_;
    std::unique_ptr<Observer> observer_;
};

}  // namespace portcullis::service
