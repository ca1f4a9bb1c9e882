#include "gateway/service/pushes.hpp"

#include "gateway/service/local_time.hpp"

namespace portcullis::service {

Pushes::Pushes(Services& services, const Archive& archive, const net::Association& association,
               IpAddress address)
    : services_(services), archive_(archive), association_(association), address_(address) {}

std::vector<std::shared_ptr<Retrieval>> Pushes::of(const dimse::Command& request) {
    const auto& proposal = association_.proposal();
    const auto access = services_.access.get();
    if (std::exchange(access_, access) != access) {
        for (const auto& [rules, push] : by_rules_) push->end();
        by_rules_.clear();
    }
    const auto* receiver = access->receiver_called(proposal.called);
    if (!receiver) return {};
    policy::Request asked{policy::Operation::push, proposal.calling, address_,      proposal.called,
                          archive_.name,           std::nullopt,     receiver->name};
    asked.at = local_time();
    asked.object.sop_class = request.sop_class();
    Judged judged(access, std::move(asked), association_.certificate());
    auto& push = by_rules_[judged.judgement().possible];
    // Objects that are decided later are decided by the time of their own.
    if (push && !judged.decided() && push->request().judged.at() != judged.at())
        std::exchange(push, nullptr)->end();
    if (!push) push = begin(*receiver, std::move(judged));
    return {push};
}

/// As if the archive had asked for what it sends.
std::shared_ptr<Retrieval> Pushes::begin(const policy::Peer& receiver, Judged judged) const {
    const auto& called = association_.proposal().called;
    Retrieval::Request request{&archive_,
                               association_.proposal().calling,
                               address_,
                               MessageId{},
                               {},
                               std::move(judged),
                               receiver.name,
                               called,
                               access_->endpoints.at(receiver.name),
                               access_->tls.of_peer(receiver.name),
                               access_->pass_unregistered};
    request.operation = policy::Operation::push;
    return std::make_shared<Retrieval>(std::move(request), MessageId{}, called);
}

}  // namespace portcullis::service
