#include "gateway/service/pushes.hpp"

namespace portcullis::service {

Pushes::Pushes(Services& services, const Archive& archive, const net::Association& association,
               IpAddress address)
    : services_(services), archive_(archive), association_(association), address_(address) {}

std::vector<std::shared_ptr<Retrieval>> Pushes::of(const dimse::Command& request) {
    const auto& proposal = association_.proposal();
    const auto access = services_.access.get();
    if (std::exchange(access_, access) != access) {
        for (const auto& [verdict, push] : by_verdict_) push->end();
        by_verdict_.clear();
    }
    const auto* receiver = access->receiver_called(proposal.called);
    if (!receiver) return {};
    const auto certificate = association_.certificate();
    const auto verdict =
        access->policy.decide({policy::Operation::push, proposal.calling, address_, proposal.called,
                               archive_.name, request.sop_class(), receiver->name, certificate.get()});
    services_.metrics.request(std::string(policy::name(policy::Operation::push)),
                              std::string(policy::name(verdict.decision)));
    if (verdict.decision == policy::Decision::open && receiver->title_only)
        services_.metrics.title_only_opened();
    auto& push = by_verdict_[{verdict.rule, verdict.decision}];
    if (!push) push = begin(*receiver, verdict);
    return {push};
}

/// As if the archive had asked for what it sends.
std::shared_ptr<Retrieval> Pushes::begin(const policy::Peer& receiver, const policy::Verdict& verdict) const {
    const auto& called = association_.proposal().called;
    Retrieval::Request request{&archive_,
                               association_.proposal().calling,
                               address_,
                               MessageId{},
                               {},
                               verdict.rule,
                               receiver.name,
                               called,
                               access_->endpoints.at(receiver.name),
                               access_->tls.of_peer(receiver.name),
                               access_->pass_unregistered};
    request.operation = policy::Operation::push;
    request.decide = verdict.decision;
    return std::make_shared<Retrieval>(std::move(request), MessageId{}, called);
}

}  // namespace portcullis::service
