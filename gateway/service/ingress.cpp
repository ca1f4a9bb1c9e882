#include "gateway/service/ingress.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/net/error.hpp"
#include "gateway/service/from_archive.hpp"
#include "gateway/service/from_scanner.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::service {

namespace {

constexpr ul::Abort by_user{0, 0};
constexpr ul::AssociateRj temporarily_congested{
    2, 3, 1};  // PS3.8 table 9-21: transient, presentation, temporary congestion

AeTitle calling_title(const Archive& archive, const AeTitle& scanner, const AeTitle& own) {
    switch (archive.calling_ae.kind) {
        case CallingAe::Kind::own:
            return own;
        case CallingAe::Kind::map: {
            const auto found = archive.calling_ae.map.find(scanner);
            return found == archive.calling_ae.map.end() ? scanner : found->second;
        }
        case CallingAe::Kind::mirror:
            break;
    }
    return scanner;
}

/// In a context where objects may be stored, only what can be sealed is offered; the scanner then uses
/// another.
bool can_carry(const Uid&, const Uid& transfer_syntax) {
    return image::carried_transfer_syntax(transfer_syntax).has_value();
}

}  // namespace

IngressSession::IngressSession(Services& services, const Archive& archive,
                               std::shared_ptr<net::Association> scanner, IpAddress address)
    : services_(services), archive_(archive), association_(std::move(scanner)), address_(address) {}

net::Awaitable<void> IngressSession::serve() {
    if (!co_await negotiate()) co_return;
    update_deadlines();
    FromScanner handler(*this);
    const auto ended = co_await pump(*scanner_, handler, scanner_in_message_);
    co_await scanner_ended(ended);
}

ul::AssociateRq IngressSession::upstream_proposal() const {
    return ul::mirror_request(association_->proposal(), archive_.ae_title,
                              calling_title(archive_, calling(), services_.settings.ae_title),
                              services_.identity(), can_carry);
}

/// The archive is asked first: the scanner is told what the archive accepted, or how it refused.
net::Awaitable<bool> IngressSession::negotiate() {
    ul::AssociateRj rejection = temporarily_congested;
    auto leg = co_await connect(&rejection);
    if (!leg) {
        services_.metrics.association_rejected("archive");
        note_association("rejected", leg.error().message());
        co_await association_->reject(rejection);
        co_return false;
    }
    auto answer =
        ul::mirror_answer(association_->proposal(), (*leg)->association().answer(), services_.identity());
    if (!co_await association_->accept(std::move(answer))) {
        co_await (*leg)->association().abort(by_user);
        co_return false;
    }
    auto scanner = Leg::make(association_, services_.settings.limits.pdu);
    if (!scanner) {
        note_association("aborted", scanner.error().message());
        co_await (*leg)->association().abort(by_user);
        co_await association_->abort({2, ul::abort_reason(scanner.error())});
        co_return false;
    }
    scanner_ = std::move(*scanner);
    note_association("accepted", "");
    co_return true;
}

net::Awaitable<Result<std::shared_ptr<Leg>>> IngressSession::connect(ul::AssociateRj* rejection) {
    auto association =
        co_await net::Association::request(archive_.host, archive_.port, upstream_proposal(),
                                           services_.timeouts(), services_.decode_limits(), rejection);
    if (!association) co_return association.error();
    auto leg = Leg::make(*association, services_.settings.limits.pdu);
    if (!leg) {
        co_await (*association)->abort({2, ul::abort_reason(leg.error())});
        co_return leg.error();
    }
    archive_leg_ = std::make_shared<ArchiveLeg>(std::move(*leg));
    boost::asio::co_spawn(association_->executor(), read_archive(shared_from_this(), archive_leg_),
                          boost::asio::detached);
    co_return archive_leg_->leg;
}

net::Awaitable<Result<std::shared_ptr<Leg>>> IngressSession::archive_leg() {
    if (archive_leg_ && !archive_leg_->over) co_return archive_leg_->leg;
    co_return co_await connect(nullptr);
}

net::Awaitable<void> IngressSession::read_archive(std::shared_ptr<IngressSession> self,
                                                  std::shared_ptr<ArchiveLeg> archive) {
    FromArchive handler(*self, *archive->leg);
    const auto how = co_await pump(*archive->leg, handler, archive->in_message);
    co_await self->archive_ended(*archive, how);
    archive->ended.raise();
}

/// The archive went by itself. A scanner that waits for nothing does not notice: the next message opens a new
/// association. One that waits is told as the archive told us; one that is sending is drained first (a closed
/// connection would look like a network fault to it).
net::Awaitable<void> IngressSession::archive_ended(ArchiveLeg& archive, Result<void> how) {
    const bool expected = std::exchange(archive.over, true);
    if (how) {
        co_await archive.leg->association().confirm_release();
    } else {
        co_await archive.leg->association().abort({2, ul::abort_reason(how.error())});
    }
    if (expected || pending_.empty() || scanner_in_message_) co_return;
    co_await association_->abort(by_user);
}

net::Awaitable<void> IngressSession::abandon_archive() {
    const auto archive = archive_leg_;
    if (!archive || archive->over) co_return;
    archive->over = true;
    co_await archive->leg->association().abort(by_user);
    auto lost = std::exchange(pending_, {});
    for (auto& [upstream, pending] : lost) {
        traffic().message_ids.give_back(upstream);
        if (pending.retrieval) traffic().moves.end(*pending.retrieval);
        if (pending.store && !pending.store->sent) continue;  // whoever is sending it answers
        std::string reason = "archive abandoned";
        co_await refuse(pending.context, pending.request, dimse::status::out_of_resources, std::move(reason),
                        pending.rule);
    }
}

/// The scanner released or went: the archive's association ends the same way.
net::Awaitable<void> IngressSession::scanner_ended(Result<void> how) {
    const auto archive = archive_leg_;
    if (archive && !std::exchange(archive->over, true)) {
        if (how) {
            co_await archive->leg->association().request_release();
        } else {
            co_await archive->leg->association().abort(by_user);
        }
    }
    forget_pending();
    if (!how) {
        note_association("aborted", how.error().message());
        co_await association_->abort({2, ul::abort_reason(how.error())});
    }
    if (archive) co_await archive->ended.wait();
    if (how) co_await association_->confirm_release();
}

void IngressSession::forget_pending() {
    for (const auto& [upstream, pending] : pending_) {
        traffic().message_ids.give_back(upstream);
        if (pending.retrieval) traffic().moves.end(*pending.retrieval);
        auto lost = record("failure", pending.request);
        lost.values.emplace_back("operation", std::string(policy::name(operation_of(pending.request))));
        lost.values.emplace_back("detail",
                                 std::string("the association ended before the archive had answered"));
        note(services_, std::move(lost));
    }
    pending_.clear();
}

std::optional<MessageId> IngressSession::add_pending(Pending pending) {
    const auto upstream = traffic().message_ids.take();
    if (upstream) pending_.insert_or_assign(*upstream, std::move(pending));
    update_deadlines();
    return upstream;
}

Pending* IngressSession::pending(MessageId upstream) {
    const auto found = pending_.find(upstream);
    return found == pending_.end() ? nullptr : &found->second;
}

void IngressSession::finish_pending(MessageId upstream) {
    const auto found = pending_.find(upstream);
    if (found == pending_.end()) return;
    if (found->second.retrieval) traffic().moves.end(*found->second.retrieval);
    pending_.erase(found);
    traffic().message_ids.give_back(upstream);
    update_deadlines();
}

/// A scanner may be silent while it waits for an answer, and an archive while it has nothing to answer.
void IngressSession::update_deadlines() {
    const auto& limits = services_.settings.limits;
    const bool scanner_speaks = pending_.empty() || scanner_in_message_;
    association_->set_read_deadline(scanner_speaks ? std::optional<net::Clock::duration>(limits.idle)
                                                   : std::nullopt);
    if (!archive_leg_ || archive_leg_->over) return;
    archive_leg_->leg->association().set_read_deadline(
        scanner_speaks ? std::nullopt : std::optional<net::Clock::duration>(limits.response));
}

policy::Verdict IngressSession::decide(const dimse::Command& request, std::optional<std::string> to) const {
    return services_.policy.decide({operation_of(request), calling(), address_,
                                    association_->proposal().called, archive_.name, request.sop_class(),
                                    std::move(to)});
}

audit::Record IngressSession::record(const std::string& event, const dimse::Command& request) const {
    audit::Record record(
        event, {{"calling_ae", calling().str()}, {"address", address_.str()}, {"archive", archive_.name}});
    if (const auto sop_class = request.sop_class()) record.values.emplace_back("sop_class", sop_class->str());
    if (const auto instance = request.sop_instance())
        record.values.emplace_back("sop_instance", instance->str());
    return record;
}

net::Awaitable<Result<void>> IngressSession::refuse(ContextId context, const dimse::Command& request,
                                                    std::uint16_t status, std::string reason,
                                                    std::string rule) {
    auto refusal = record("refusal", request);
    refusal.values.emplace_back("operation", std::string(policy::name(operation_of(request))));
    refusal.values.emplace_back("status", hex(status));
    refusal.values.emplace_back("reason", std::move(reason));
    if (!rule.empty()) refusal.values.emplace_back("rule", std::move(rule));
    services_.metrics.response(std::string(policy::name(operation_of(request))), status);
    // Refused all the same if it cannot be written.
    co_await make_durable(services_.journal, std::move(refusal));
    co_return co_await scanner_->send(context, dimse::response_to(request, status));
}

void IngressSession::note_association(const std::string& outcome, const std::string& detail) const {
    audit::Record record("association", {{"outcome", outcome},
                                         {"calling_ae", calling().str()},
                                         {"called_ae", association_->proposal().called.str()},
                                         {"address", address_.str()},
                                         {"archive", archive_.name}});
    if (!detail.empty()) record.values.emplace_back("detail", detail);
    note(services_, std::move(record));
}

}  // namespace portcullis::service
