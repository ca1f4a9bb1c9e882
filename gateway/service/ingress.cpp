#include "gateway/service/ingress.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "gateway/dimse/status.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/net/error.hpp"
#include "gateway/service/from_archive.hpp"
#include "gateway/service/from_scanner.hpp"
#include "gateway/service/local_time.hpp"
#include "gateway/service/observe.hpp"
#include "gateway/service/offers.hpp"
#include "gateway/service/opened.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/service/query.hpp"
#include "gateway/tls/error.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::service {

namespace {

constexpr std::size_t most_in_flight =
    64;  // requests of one association; a scanner that sends more is not read meanwhile
constexpr ul::Abort by_user{0, 0};
constexpr ul::AssociateRj temporarily_congested{
    2, 3, 1};  // PS3.8 table 9-21: transient, presentation, temporary congestion

/// In a context where objects may be stored, only what can be sealed is offered; the scanner then uses
/// another.
bool can_carry(const Uid&, const Uid& transfer_syntax) {
    return image::carried_transfer_syntax(transfer_syntax).has_value();
}

bool can_relay(const Uid&, const Uid&) {
    return true;
}

/// What the scanner was told must still hold; the archive may have accepted more.
bool holds_all(const Leg::Contexts& archive, const Leg::Contexts& scanner) {
    return std::includes(archive.begin(), archive.end(), scanner.begin(), scanner.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; }) &&
           std::all_of(scanner.begin(), scanner.end(),
                       [&](const auto& context) { return archive.at(context.first) == context.second; });
}

}  // namespace

IngressSession::IngressSession(Services& services, const Archive& archive,
                               std::shared_ptr<net::Association> scanner, IpAddress address)
    : services_(services),
      archive_(archive),
      association_(std::move(scanner)),
      address_(address),
      certificate_(association_->certificate()),
      room_(association_->executor(), net::Clock::time_point::max()) {}

IngressSession::~IngressSession() {
    forget_pending();
}

net::Awaitable<void> IngressSession::serve() {
    if (!co_await negotiate()) co_return;
    update_deadlines();
    FromScanner handler(*this);
    Result<void> ended = ErrorCode(net::errc::closed);
    std::exception_ptr fault;
    try {
        ended = co_await pump(*scanner_, handler, scanner_in_message_);
    } catch (...) {
        fault = std::current_exception();  // the archive's association ends all the same
    }
    co_await scanner_ended(ended);
    if (fault) std::rethrow_exception(fault);
}

AeTitle IngressSession::known_as() const {
    switch (archive_.calling_ae.kind) {
        case CallingAe::Kind::own:
            return services_.settings.ae_title;
        case CallingAe::Kind::map: {
            const auto found = archive_.calling_ae.map.find(calling());
            return found == archive_.calling_ae.map.end() ? calling() : found->second;
        }
        case CallingAe::Kind::mirror:
            break;
    }
    return calling();
}

ul::AssociateRq IngressSession::upstream_proposal() const {
    const bool observing = services_.observing();
    auto proposal = ul::mirror_request(association_->proposal(), archive_.ae_title, known_as(),
                                       services_.identity(), observing ? can_relay : can_carry);
    // Unsealed objects that may pass cannot be decompressed here as the archive can.
    if (!observing && !services_.access.get()->pass_unregistered)
        offer_compressed(proposal, services_.registry);
    return proposal;
}

/// The archive is asked first: the scanner is told what the archive accepted, or how it refused.
net::Awaitable<bool> IngressSession::negotiate() {
    ul::AssociateRj rejection = temporarily_congested;
    auto archive = co_await connect(&rejection);
    if (!archive) {
        services_.metrics.association_rejected(tls::is_failure(archive.error()) ? "tls" : "archive");
        note_association("rejected", archive.error().message());
        co_await association_->reject(rejection);
        co_return false;
    }
    auto& archive_association = (*archive)->leg->association();
    auto answer =
        ul::mirror_answer(association_->proposal(), archive_association.answer(), services_.identity());
    if (!co_await association_->accept(std::move(answer))) {
        co_await archive_association.abort(by_user);
        co_return false;
    }
    auto scanner = Leg::make(association_, services_.settings.limits.pdu);
    if (!scanner) {
        note_association("aborted", scanner.error().message());
        co_await archive_association.abort(by_user);
        co_await association_->abort({2, ul::abort_reason(scanner.error())});
        co_return false;
    }
    scanner_ = std::move(*scanner);
    note_association("accepted", "");
    if (services_.observing()) report_not_offered(*this, association_->proposal());
    start_reading(*archive);
    co_return true;
}

net::Awaitable<Result<std::shared_ptr<IngressSession::ArchiveLeg>>> IngressSession::connect(
    ul::AssociateRj* rejection) {
    auto association = co_await net::Association::request(
        archive_.host, archive_.port, upstream_proposal(), services_.timeouts(), services_.decode_limits(),
        rejection, services_.access.get()->tls.of_archive(archive_.name));
    if (!association) {
        note_if_tls(services_, "archive", archive_.name, association.error());
        co_return association.error();
    }
    auto leg = Leg::make(*association, services_.settings.limits.pdu);
    if (leg) co_return std::make_shared<ArchiveLeg>(std::move(*leg));
    co_await (*association)->abort({2, ul::abort_reason(leg.error())});
    co_return leg.error();
}

/// Not before the scanner's leg is there: an archive may speak at once.
void IngressSession::start_reading(const std::shared_ptr<ArchiveLeg>& archive) {
    archive_leg_ = archive;
    boost::asio::co_spawn(association_->executor(), read_archive(shared_from_this(), archive),
                          boost::asio::detached);
}

net::Awaitable<Result<std::shared_ptr<Leg>>> IngressSession::archive_leg() {
    if (auto leg = present_archive_leg()) co_return leg;
    if (!pending_.empty()) co_return ErrorCode(net::errc::closed);
    auto archive = co_await connect(nullptr);
    if (!archive) co_return archive.error();
    if (!holds_all((*archive)->leg->contexts(), scanner_->contexts())) {
        // What the scanner was told no longer holds.
        co_await (*archive)->leg->association().abort(by_user);
        co_return ErrorCode(net::errc::rejected);
    }
    start_reading(*archive);
    co_return (*archive)->leg;
}

std::shared_ptr<Leg> IngressSession::present_archive_leg() {
    return archive_leg_ && !archive_leg_->over ? archive_leg_->leg : nullptr;
}

net::Awaitable<void> IngressSession::read_archive(std::shared_ptr<IngressSession> self,
                                                  std::shared_ptr<ArchiveLeg> archive) {
    FromArchive handler(*self, *archive->leg);
    Result<void> how = ErrorCode(net::errc::closed);
    try {
        how = co_await pump(*archive->leg, handler, archive->in_message);
    } catch (const std::exception& error) {
        note_fault(self->services_, error.what());
    }
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
    room_.cancel();
    // A message to the scanner that stays incomplete cannot be followed by another.
    const bool incomplete = archive.in_message;
    const bool waiting = !expected && !pending_.empty() && !scanner_in_message_;
    if (incomplete || waiting) co_await association_->abort(by_user);
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
        if (pending.query) note_query(*this, pending, dimse::status::out_of_resources);
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
            co_await archive->leg->request_release();
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
        if (pending.query) {
            note_query(*this, pending, std::nullopt);
            continue;
        }
        auto lost = record("failure", pending.request);
        if (pending.store) describe(pending.store->identifiers, lost.values);
        lost.values.emplace_back("operation", std::string(policy::name(operation_of(pending.request))));
        lost.values.emplace_back("detail", std::string(ended_unanswered));
        note(services_, std::move(lost));
    }
    pending_.clear();
}

std::optional<MessageId> IngressSession::add_pending(Pending pending) {
    const auto upstream = traffic().message_ids.take();
    if (upstream) {
        pending_.insert_or_assign(*upstream, std::move(pending));
        const auto access = services_.access.get();
        const auto* peer = access->policy.recognise(calling(), address(), certificate());
        if (peer && peer->title_only) services_.title_alone.passed_on(peer->name);
    }
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
    room_.cancel();
    update_deadlines();
}

Result<void> IngressSession::progressed() {
    if (!pending_.empty() && !scanner_in_message_ && !present_archive_leg())
        return ErrorCode(net::errc::closed);
    update_deadlines();
    return {};
}

net::Awaitable<void> IngressSession::room_for_a_request() {
    while (pending_.size() >= most_in_flight && present_archive_leg()) {
        co_await room_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    }
}

/// A scanner may be silent while it waits for an answer, and an archive while it has nothing to answer.
void IngressSession::update_deadlines() {
    const auto& limits = services_.settings.limits;
    const bool scanner_speaks = pending_.empty() || scanner_in_message_;
    association_->set_read_deadline(scanner_speaks ? std::optional<net::Clock::duration>(limits.idle)
                                                   : std::nullopt);
    const auto archive = present_archive_leg();
    if (!archive) return;
    const bool archive_owes = !pending_.empty() || archive_leg_->in_message;
    archive->association().set_read_deadline(
        archive_owes ? std::optional<net::Clock::duration>(limits.response) : std::nullopt);
}

std::optional<codec::FreshKeys> IngressSession::fresh_keys() {
    if (!fresh_keys_) make_fresh_keys();
    return std::exchange(fresh_keys_, std::nullopt);
}

void IngressSession::make_fresh_keys() {
    if (fresh_keys_) return;
    try {
        auto made = codec::FreshKeys::make(services_.keys, *services_.codecs.sealing);
        if (made) fresh_keys_ = std::move(*made);
    } catch (const std::runtime_error&) {  // of OpenSSL
    }
}

Judged IngressSession::judge(const dimse::Command& request) const {
    return judge(request, services_.access.get(), std::nullopt);
}

Judged IngressSession::judge(const dimse::Command& request, std::shared_ptr<const Access> access,
                             std::optional<std::string> to) const {
    policy::Request asked{operation_of(request), calling(),           address_,     called(),
                          archive_.name,         request.sop_class(), std::move(to)};
    asked.user = user();
    asked.at = local_time();
    asked.back = request.field() == dimse::CommandField::c_get_rq;
    return {std::move(access), std::move(asked), certificate_};
}

audit::Record IngressSession::record(const std::string& event, const dimse::Command& request) const {
    audit::Record record(
        event, {{"calling_ae", calling().str()}, {"address", address_.str()}, {"archive", archive_.name}});
    if (auto confirmed = user()) record.values.emplace_back("user", std::move(*confirmed));
    if (const auto sop_class = request.sop_class()) record.values.emplace_back("sop_class", sop_class->str());
    if (const auto instance = request.sop_instance())
        record.values.emplace_back("sop_instance", instance->str());
    return record;
}

net::Awaitable<Result<void>> IngressSession::refuse(ContextId context, const dimse::Command& request,
                                                    std::uint16_t status, std::string reason,
                                                    std::string rule, std::string event, std::string detail) {
    auto refusal = record(event, request);
    refusal.values.emplace_back("operation", std::string(policy::name(operation_of(request))));
    refusal.values.emplace_back("status", hex(status));
    refusal.values.emplace_back("reason", std::move(reason));
    if (!rule.empty()) refusal.values.emplace_back("rule", std::move(rule));
    if (!detail.empty()) refusal.values.emplace_back("detail", std::move(detail));
    services_.metrics.response(std::string(policy::name(operation_of(request))), status);
    // Refused all the same if it cannot be written.
    co_await make_durable(services_, std::move(refusal));
    co_return co_await scanner_->send(context, dimse::response_to(request, status));
}

void IngressSession::note_association(const std::string& outcome, const std::string& detail) const {
    auto record = association_record(outcome, *association_, address_);
    record.values.emplace_back("archive", archive_.name);
    if (!detail.empty()) record.values.emplace_back("detail", detail);
    note(services_, std::move(record));
}

}  // namespace portcullis::service
