#include "gateway/service/store.hpp"

#include <algorithm>

#include "gateway/base/hex.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/error.hpp"
#include "gateway/net/error.hpp"

namespace portcullis::service {

namespace {

namespace status = dimse::status;

bool is_failure(std::uint16_t code) {
    return code != status::success && !status::is_warning(code);
}

std::string str(const std::optional<Uid>& uid) {
    return uid ? uid->str() : std::string();
}

}  // namespace

StoreRequest::StoreRequest(IngressSession& session, std::shared_ptr<Leg> archive, ContextId context,
                           dimse::Command request, const policy::Verdict& verdict)
    : session_(session),
      archive_(std::move(archive)),
      context_(context),
      request_(std::move(request)),
      rule_(verdict.rule),
      seal_(verdict.decision == policy::Decision::seal),
      transfer_syntax_(session.scanner().context(context)->transfer_syntax) {
    in_flight_->time_ms = now_ms();
}

net::Awaitable<Result<void>> StoreRequest::begin() {
    const auto carried = image::carried_transfer_syntax(transfer_syntax_);
    if (!carried || !archive_->context(context_)) {
        failure_ = Failure{status::cannot_understand, "transfer syntax", transfer_syntax_.str()};
        co_return Result<void>();
    }
    const auto upstream = session_.add_pending({context_, request_, rule_, nullptr, in_flight_});
    if (!upstream) {
        failure_ = Failure{status::out_of_resources, "too many requests in flight", ""};
        co_return Result<void>();
    }
    upstream_ = *upstream;
    const auto& settings = session_.services().settings;
    at_once_ = image::most_at_once(*carried);
    if (seal_) {
        const codec::ObjectIdentity identity{settings.tenant, request_.sop_class()->str(),
                                             request_.sop_instance()->str()};
        const codec::Origin origin{settings.gateway_id, session_.calling().str(), in_flight_->time_ms};
        sealer_ = image::make_sealer({.transfer_syntax = *carried,
                                      .identity = identity,
                                      .origin = origin,
                                      .codec = session_.services().codecs.sealing,
                                      .mark = settings.mark,
                                      .spool_folder = settings.journal,
                                      .rules = settings.regions},
                                     session_.services().keys);
    } else {
        reader_ = image::make_reader(*carried);
    }
    auto command = request_;
    command.set(dimse::Element::message_id, static_cast<std::uint16_t>(upstream_));
    auto outgoing = co_await archive_->begin(context_, std::move(command));
    outgoing_.emplace(std::move(outgoing));
    co_return Result<void>();
}

const image::Identifiers& StoreRequest::identifiers() const {
    return sealer_ ? sealer_->identifiers() : reader_->identifiers();
}

/// A failure does not stop the reading: a scanner that is not read from hangs (measured with storescu).
net::Awaitable<Result<void>> StoreRequest::data(ByteView fragment) {
    while (!fragment.empty() && !failure_ && !archive_gone_) {
        const auto bytes = fragment.first(std::min(fragment.size(), at_once_));
        fragment = fragment.subspan(bytes.size());
        co_await push(bytes);
    }
    co_return Result<void>();
}

net::Awaitable<void> StoreRequest::push(ByteView bytes) {
    bytes_ += bytes.size();
    const auto pushed =
        sealer_ ? sealer_->push(bytes, outgoing_->data()) : reader_->push(bytes, outgoing_->data());
    if (!pushed) {
        fail(pushed.error(), sealer_ ? sealer_->failure_detail() : reader_->failure_detail());
        co_await abandon();
    } else if (names_another_instance()) {
        co_await abandon();
    } else if (!co_await outgoing_->drain()) {
        archive_gone_ = true;
        outgoing_.reset();
    }
}

/// The archive would file it under a UID for which there is no envelope.
bool StoreRequest::names_another_instance() {
    const auto& named = identifiers().sop_instance;
    if (!named || *named == *request_.sop_instance()) return false;
    failure_ = Failure{status::data_set_mismatch, "wrong instance",
                       "command and data set name different SOP Instance UIDs"};
    return true;
}

net::Awaitable<Result<void>> StoreRequest::end() {
    if (!failure_ && !archive_gone_) co_await commit();
    if (failure_) co_return co_await answer_failure();
    if (!session_.pending(upstream_)) co_return Result<void>();  // answered as soon as it was sent
    const auto& early = in_flight_->answer;
    if (early && is_failure(early->status())) co_return co_await session_.answer_store(upstream_, *early);
    if (in_flight_->sent && !early) co_return Result<void>();
    // The archive is gone, or says that it has what it cannot have.
    session_.finish_pending(upstream_);
    co_return ErrorCode(net::errc::closed);
}

void StoreRequest::fail(ErrorCode error, const std::string& detail) {
    const bool ours = error == image::errc::sealing_failed;
    failure_ = Failure{ours ? status::out_of_resources : status::cannot_understand, error.message(), detail};
}

/// The archive has a part of the object: its association ends, so that it never becomes one.
net::Awaitable<void> StoreRequest::abandon() {
    outgoing_.reset();
    session_.finish_pending(upstream_);
    co_await session_.abandon_archive();
}

/// Envelope and intent on disk, then the last fragment.
net::Awaitable<void> StoreRequest::commit() {
    image::Sealed sealed;
    if (sealer_) {
        auto finished = sealer_->finish(outgoing_->data());
        if (!finished) {
            fail(finished.error(), sealer_->failure_detail());
            co_return co_await abandon();
        }
        sealed = std::move(*finished);
    } else if (const auto read = reader_->finish(); !read) {
        fail(read.error(), reader_->failure_detail());
        co_return co_await abandon();
    }
    auto entries = intent(sealed);
    auto& journal = session_.services().journal;
    if (session_.archive().durability == Durability::batch && journal.healthy()) {
        journal.append(std::move(entries), {});
    } else {
        // Everything but the last fragment travels while the disk works.
        if (!co_await outgoing_->flush()) archive_gone_ = true;
        const auto failed = co_await make_durable(journal, std::move(entries));
        if (failed) {
            failure_ = Failure{status::out_of_resources, "journal", failed.message()};
            co_return co_await abandon();
        }
    }
    in_flight_->recorded = seal_;
    in_flight_->sent = !archive_gone_;  // before it is on its way: the answer may be quicker than we are
    if (!archive_gone_ && !co_await outgoing_->finish()) in_flight_->sent = false;
    outgoing_.reset();
    const std::chrono::duration<double> seconds = net::Clock::now() - began_;
    if (sealer_)
        session_.services().metrics.object_sealed(session_.archive().name, bytes_, sealed.units,
                                                  seconds.count());
}

registry::Row StoreRequest::row(const image::Sealed& sealed) const {
    const auto& known = identifiers();
    registry::Row row{session_.archive().name,
                      *request_.sop_class(),
                      *request_.sop_instance(),
                      str(known.study),
                      str(known.series),
                      known.patient_id,
                      transfer_syntax_.str(),
                      {},
                      {},
                      in_flight_->time_ms};
    if (!sealed.nothing_to_seal) {
        row.envelope_id = portcullis::hex(sealed.id);
        row.envelope = sealed.envelope;
    }
    return row;
}

std::vector<journal::Entry> StoreRequest::intent(const image::Sealed& sealed) {
    in_flight_->identifiers = identifiers();
    auto record = session_.record("store", request_);
    auto& values = record.values;
    values.emplace_back("phase", std::string("intent"));
    values.emplace_back("decision", std::string(seal_ ? "seal" : "pass"));
    values.emplace_back("rule", rule_);
    values.emplace_back("study", str(in_flight_->identifiers.study));
    values.emplace_back("patient_id", in_flight_->identifiers.patient_id);
    std::vector<journal::Entry> entries;
    if (seal_) {
        const auto sealed_row = row(sealed);
        in_flight_->envelope_id = sealed_row.envelope_id;
        values.emplace_back("envelope", sealed_row.envelope_id);
        values.emplace_back("units", sealed.units);
        entries.push_back(registry::put(sealed_row));
    }
    const auto& dataset_class = in_flight_->identifiers.sop_class;
    if (dataset_class && *dataset_class != *request_.sop_class())
        values.emplace_back("data_set_sop_class", dataset_class->str());
    entries.push_back(audit::entry(record));
    return entries;
}

net::Awaitable<Result<void>> StoreRequest::answer_failure() {
    session_.services().metrics.object_refused(session_.archive().name, failure_->reason);
    auto reason = failure_->reason;
    if (!failure_->detail.empty()) reason += ": " + failure_->detail;
    co_return co_await session_.refuse(context_, request_, failure_->status, std::move(reason), rule_);
}

/// The archive's own status goes to the scanner, never a success that the archive did not give.
net::Awaitable<Result<void>> IngressSession::answer_store(MessageId upstream, dimse::Command answer) {
    const auto* found = pending(upstream);
    if (!found) co_return Result<void>();
    const Pending done = *found;
    finish_pending(upstream);
    const auto code = answer.status();
    auto outcome = record("store", done.request);
    outcome.values.emplace_back("phase", std::string("outcome"));
    outcome.values.emplace_back("status", hex(code));
    outcome.values.emplace_back("envelope", done.store->envelope_id);
    std::vector<journal::Entry> entries;
    if (done.store->recorded) {
        entries.push_back(
            registry::outcome(*done.request.sop_instance(), done.store->time_ms, done.store->envelope_id,
                              is_failure(code) ? registry::State::refused : registry::State::stored));
    }
    entries.push_back(audit::entry(outcome));
    services_.journal.append(std::move(entries), {});
    services_.metrics.response("store", code);
    answer.set(dimse::Element::message_id_being_responded_to,
               static_cast<std::uint16_t>(done.request.message_id()));
    co_return co_await scanner_->send(done.context, std::move(answer));
}

}  // namespace portcullis::service
