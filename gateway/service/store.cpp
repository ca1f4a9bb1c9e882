#include "gateway/service/store.hpp"

#include <algorithm>

#include "gateway/dimse/status.hpp"
#include "gateway/net/error.hpp"
#include "gateway/service/operations.hpp"

namespace portcullis::service {

namespace status = dimse::status;

std::optional<NotStored> refusal_of_store(const dimse::Command& request, const policy::Judgement& judgement) {
    if (!request.has_data_set() || !request.sop_class() || !request.sop_instance())
        return NotStored{status::cannot_understand, "incomplete command set", ""};
    return judgement.decided() ? refusal_by(judgement.verdict()) : std::nullopt;
}

std::optional<NotStored> refusal_by(const policy::Verdict& verdict) {
    if (verdict.decision != policy::Decision::seal && verdict.decision != policy::Decision::pass)
        return NotStored{status::not_authorized, "policy", ""};
    return std::nullopt;
}

NotStored not_carried(const Uid& transfer_syntax) {
    return {status::cannot_understand, "transfer syntax", transfer_syntax.str()};
}

image::SealParameters sealing_of(IngressSession& session, const dimse::Command& request,
                                 const image::TransferSyntax& transfer_syntax, std::uint64_t time_ms) {
    const auto& services = session.services();
    const auto& settings = services.settings;
    return {.transfer_syntax = transfer_syntax,
            .identity = {settings.tenant, request.sop_class()->str(), request.sop_instance()->str()},
            .origin = {settings.gateway_id, session.calling().str(), time_ms},
            .codec = services.codecs.sealing,
            .mark = settings.mark,
            .spool_folder = settings.journal,
            .rules = settings.regions};
}

StoreRequest::StoreRequest(IngressSession& session, std::shared_ptr<Leg> archive, ContextId context,
                           dimse::Command request, Judged judged)
    : session_(session),
      archive_(std::move(archive)),
      context_(context),
      request_(std::move(request)),
      judged_(std::move(judged)),
      transfer_syntax_(session.scanner().context(context)->transfer_syntax) {
    in_flight_->time_ms = now_ms();
    in_flight_->unanswered.emplace(session.traffic().stores, *request_.sop_instance());
}

net::Awaitable<Result<void>> StoreRequest::begin() {
    carried_ = image::carried_transfer_syntax(transfer_syntax_);
    if (!carried_ || !archive_->context(context_)) {
        failure_ = not_carried(transfer_syntax_);
        co_return Result<void>();
    }
    at_once_ = image::most_at_once(*carried_);
    if (judged_.decided())
        co_await begin_as(judged_.judgement().verdict());
    else
        header_ = std::make_unique<HeldHeader>(*carried_, session_.services().settings.journal);
    co_return Result<void>();
}

/// Makes ready for all of the data set.
net::Awaitable<void> StoreRequest::begin_as(const policy::Verdict& verdict) {
    rule_ = verdict.rule;
    seal_ = verdict.decision == policy::Decision::seal;
    failure_ = refusal_by(verdict);
    if (failure_) co_return;
    if (seal_) {
        const auto parameters = sealing_of(session_, request_, *carried_, in_flight_->time_ms);
        intake_ = std::make_unique<Intake>(session_.services(), session_.archive().name, parameters.identity,
                                           *request_.sop_instance(), *carried_);
        failure_ = intake_->failure();
        if (failure_) co_return;
        prepared_ = image::make_sealer(parameters, session_.services().keys, session_.fresh_keys());
    } else {
        reader_ = image::make_reader(*carried_);
        co_await begin_sending();
    }
}

/// Sends the command to the archive. Of what had to be held first, that may have gone in the meantime.
net::Awaitable<void> StoreRequest::begin_sending() {
    const auto leg = co_await session_.archive_leg();
    if (!leg) {
        archive_gone_ = true;
        co_return;
    }
    archive_ = *leg;
    upstream_ = session_.add_pending({context_, request_, rule_, nullptr, in_flight_});
    if (!upstream_) {
        failure_ = NotStored{status::out_of_resources, "too many requests in flight", ""};
        co_return;
    }
    auto command = request_;
    command.set(dimse::Element::message_id, static_cast<std::uint16_t>(*upstream_));
    auto outgoing = co_await archive_->begin(context_, std::move(command));
    outgoing_.emplace(std::move(outgoing));
}

const image::Identifiers& StoreRequest::identifiers() const {
    if (header_) return header_->identifiers();
    if (sealer_) return sealer_->identifiers();
    return reader_ ? reader_->identifiers() : intake_->identifiers();
}

/// A failure does not stop the reading: a scanner that is not read from hangs (measured with storescu).
net::Awaitable<Result<void>> StoreRequest::data(ByteView fragment) {
    while (!fragment.empty() && !failure_ && !archive_gone_) {
        const auto most = intake_ || header_ ? std::min(at_once_, Intake::at_once) : at_once_;
        const auto bytes = fragment.first(std::min(fragment.size(), most));
        fragment = fragment.subspan(bytes.size());
        bytes_ += bytes.size();
        co_await take(bytes);
    }
    if (failure_) prepared_.reset();  // keys are not kept for what comes to nothing
    co_return Result<void>();
}

net::Awaitable<void> StoreRequest::take(ByteView bytes) {
    if (header_) co_return co_await hold_header(bytes);
    if (intake_) co_return co_await hold(bytes);
    co_await push(bytes);
}

net::Awaitable<void> StoreRequest::hold_header(ByteView bytes) {
    if (const auto taken = header_->take(bytes); !taken)
        failure_ = not_stored(taken.error(), header_->failure_detail());
    if (failure_ || names_another_instance()) co_return;
    if (header_->described()) co_await decide();
}

/// The data set ended before it had said all that policy asks.
net::Awaitable<void> StoreRequest::end_header() {
    if (const auto ended = header_->finish(); !ended)
        failure_ = not_stored(ended.error(), header_->failure_detail());
    else
        co_await decide();
}

/// What is held, and all that follows, goes the way that policy says.
net::Awaitable<void> StoreRequest::decide() {
    const auto header = std::exchange(header_, nullptr);
    const auto verdict = judged_.decide(object_of(header->identifiers(), *request_.sop_class()));
    co_await begin_as(verdict);
    while (!failure_ && !archive_gone_) {
        const auto piece = header->held().next();
        if (!piece) failure_ = NotStored{status::out_of_resources, "spool", piece.error().message()};
        if (!piece || piece->empty()) co_return;
        for (auto rest = *piece; !rest.empty() && !failure_ && !archive_gone_;) {
            const auto bytes = rest.first(std::min({rest.size(), at_once_, Intake::at_once}));
            rest = rest.subspan(bytes.size());
            co_await take(bytes);
        }
    }
}

net::Awaitable<void> StoreRequest::hold(ByteView bytes) {
    intake_->take(bytes);
    failure_ = intake_->failure();
    if (failure_ || names_another_instance()) co_return;
    if (intake_->may_stream()) co_await seal_held();
}

/// Nothing of it has gone to the archive, and all of it is there.
net::Awaitable<void> StoreRequest::judge() {
    intake_->finish();
    if (!intake_->failure() && !intake_->may_stream()) co_await intake_->judge();
    failure_ = intake_->failure();
    if (failure_) co_return;
    if (!intake_->sealed_already()) co_return co_await seal_held();
    prepared_.reset();
    co_await begin_sending();
    co_await send_held();
}

/// What is held, and all that follows, is sealed as it comes.
net::Awaitable<void> StoreRequest::seal_held() {
    sealer_ = std::move(prepared_);
    co_await begin_sending();
    co_await send_held();
    intake_.reset();
}

net::Awaitable<void> StoreRequest::send_held() {
    while (!failure_ && !archive_gone_) {
        const auto piece = intake_->held().next();
        if (!piece) {
            failure_ = NotStored{status::out_of_resources, "spool", piece.error().message()};
            co_return co_await abandon();
        }
        if (piece->empty()) co_return;
        for (auto rest = *piece; !rest.empty() && !failure_ && !archive_gone_;) {
            const auto bytes = rest.first(std::min(rest.size(), at_once_));
            rest = rest.subspan(bytes.size());
            co_await push(bytes);
        }
    }
}

/// Of an object that was sealed already every byte passes as it is.
net::Awaitable<void> StoreRequest::push(ByteView bytes) {
    Result<void> pushed;
    if (sealer_)
        pushed = sealer_->push(bytes, outgoing_->data());
    else if (reader_)
        pushed = reader_->push(bytes, outgoing_->data());
    else
        outgoing_->data().write(bytes);
    if (!pushed) {
        failure_ =
            not_stored(pushed.error(), sealer_ ? sealer_->failure_detail() : reader_->failure_detail());
        co_await abandon();
    } else if (names_another_instance()) {
        co_await abandon();
    } else if (!co_await outgoing_->drain()) {
        archive_gone_ = true;
        outgoing_.reset();
    }
}

bool StoreRequest::names_another_instance() {
    failure_ = wrong_instance(identifiers(), *request_.sop_instance());
    return failure_.has_value();
}

net::Awaitable<Result<void>> StoreRequest::end() {
    if (header_ && !failure_) co_await end_header();
    if (intake_ && !failure_) co_await judge();
    if (!failure_ && !archive_gone_) co_await commit();
    if (failure_) co_return co_await answer_failure();
    if (!upstream_) co_return ErrorCode(net::errc::closed);
    if (!session_.pending(*upstream_)) co_return Result<void>();  // answered as soon as it was sent
    const auto& early = in_flight_->answer;
    if (early && is_failure(early->status())) co_return co_await session_.answer_store(*upstream_, *early);
    if (in_flight_->sent && !early) co_return Result<void>();
    // The archive is gone, or says that it has what it cannot have.
    session_.finish_pending(*upstream_);
    co_return ErrorCode(net::errc::closed);
}

/// The archive has a part of the object: its association ends, so that it never becomes one.
net::Awaitable<void> StoreRequest::abandon() {
    outgoing_.reset();
    session_.finish_pending(*upstream_);
    co_await session_.abandon_archive();
}

net::Awaitable<Result<void>> StoreRequest::answer_failure() {
    session_.services().metrics.object_refused(session_.archive().name, failure_->reason);
    auto reason = failure_->reason;
    if (!failure_->detail.empty()) reason += ": " + failure_->detail;
    auto rule = rule_.empty() ? judged_.judgement().rules() : rule_;
    co_return co_await session_.refuse(context_, request_, failure_->status, std::move(reason),
                                       std::move(rule), failure_->alert ? "alert" : "refusal");
}

}  // namespace portcullis::service
