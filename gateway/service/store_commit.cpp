// The end of a C-STORE: what is made durable before the last fragment leaves, and what becomes of the answer.

#include <boost/asio/this_coro.hpp>

#include "gateway/base/hex.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/keys/kek.hpp"
#include "gateway/net/threads.hpp"
#include "gateway/service/opened.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/service/store.hpp"

namespace portcullis::service {

namespace status = dimse::status;

namespace {

std::string str(const std::optional<Uid>& uid) {
    return uid ? uid->str() : std::string();
}

}  // namespace

Result<image::Sealed> StoreRequest::finish_data_set() {
    if (sealer_) {
        auto finished = sealer_->finish(outgoing_->data());
        if (!finished) failure_ = not_stored(finished.error(), sealer_->failure_detail());
        return finished;
    }
    image::Sealed sealed;
    if (reader_) {
        const auto read = reader_->finish();
        if (read) return sealed;
        failure_ = not_stored(read.error(), reader_->failure_detail());
        return read.error();
    }
    const auto& already = *intake_->sealed_already();
    sealed.id = already.opened.id;
    sealed.envelope = already.envelope;
    sealed.units = already.opened.units;
    return sealed;
}

/// Envelope and intent on disk, then the last fragment.
net::Awaitable<void> StoreRequest::commit() {
    const auto finished = finish_data_set();
    if (!finished) co_return co_await abandon();
    const auto& sealed = *finished;
    auto entries = intent(sealed);
    auto& journal = session_.services().journal;
    if (session_.archive().durability == Durability::batch && journal.healthy()) {
        journal.append(std::move(entries), {});
    } else {
        const auto failed = co_await write(std::move(entries));
        if (failed) {
            failure_ = NotStored{status::out_of_resources, "journal", failed.message()};
            co_return co_await abandon();
        }
    }
    in_flight_->recorded = seal_;
    in_flight_->sent = !archive_gone_;  // before it is on its way: the answer may be quicker than we are
    if (!archive_gone_ && !co_await outgoing_->finish()) in_flight_->sent = false;
    outgoing_.reset();
    const std::chrono::duration<double> seconds = net::Clock::now() - began_;
    if (!sealer_) co_return;
    session_.services().metrics.object_sealed(session_.archive().name, bytes_, sealed.units, seconds.count());
    const bool archive_has_to_answer = in_flight_->sent && !in_flight_->answer;
    if (archive_has_to_answer) session_.make_fresh_keys();
}

/// Everything but the last fragment travels while the disk works. It leaves first where this thread then
/// waits for the disk by itself.
net::Awaitable<ErrorCode> StoreRequest::write(std::vector<journal::Entry> entries) {
    auto& journal = session_.services().journal;
    if (net::Threads::serves_one() && journal.is_quick()) {
        if (!co_await outgoing_->flush()) archive_gone_ = true;
        co_return co_await make_durable(journal, std::move(entries));
    }
    BeingWritten written(co_await boost::asio::this_coro::executor, journal, std::move(entries));
    if (!co_await outgoing_->flush()) archive_gone_ = true;
    co_return co_await written.outcome();
}

/// It is nothing that we know to be an envelope of ours, and it comes back as it came.
journal::Entry StoreRequest::foreign_block_warning() const {
    constexpr auto reason = "foreign block sealed in";
    session_.services().metrics.object_warned(session_.archive().name, reason);
    auto warning = session_.record("warning", request_);
    warning.values.emplace_back("reason", std::string(reason));
    warning.values.emplace_back("envelope", in_flight_->envelope_id);
    return session_.services().scribe.entry(std::move(warning));
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
    in_flight_->time_ms = now_ms();  // of two that are sent at once, the one that is complete last is current
    const auto* already = intake_ ? &*intake_->sealed_already() : nullptr;
    auto record = session_.record("store", request_);
    auto& values = record.values;
    values.emplace_back("phase", std::string("intent"));
    in_flight_->decision = already ? "sealed already" : seal_ ? "seal" : "pass";
    in_flight_->bytes = bytes_;
    values.emplace_back("decision", in_flight_->decision);
    values.emplace_back("rule", rule_);
    values.emplace_back("study", str(in_flight_->identifiers.study));
    values.emplace_back("patient_id", in_flight_->identifiers.patient_id);
    std::vector<journal::Entry> entries;
    if (seal_) {
        in_flight_->stored_before = already && already->current_time_ms;
        if (in_flight_->stored_before) in_flight_->time_ms = *already->current_time_ms;
        const auto sealed_row = row(sealed);
        in_flight_->envelope_id = sealed_row.envelope_id;
        values.emplace_back("envelope", sealed_row.envelope_id);
        values.emplace_back("units", sealed.units);
        if (!already && !sealed.nothing_to_seal)
            values.emplace_back("kek", keys::hex(session_.services().keys.current()));
        if (!in_flight_->stored_before) entries.push_back(registry::put(sealed_row));
    }
    if (already) {
        values.emplace_back("registered", already->registered);
        describe(already->opened, values);
    }
    const auto& dataset_class = in_flight_->identifiers.sop_class;
    if (dataset_class && *dataset_class != *request_.sop_class())
        values.emplace_back("data_set_sop_class", dataset_class->str());
    entries.push_back(session_.services().scribe.entry(std::move(record)));
    if (sealed.foreign_block) entries.push_back(foreign_block_warning());
    return entries;
}

/// The archive's own status goes to the scanner, never a success that the archive did not give.
net::Awaitable<Result<void>> IngressSession::answer_store(MessageId upstream, dimse::Command answer) {
    const auto* found = pending(upstream);
    if (!found) co_return Result<void>();
    const Pending done = *found;
    finish_pending(upstream);
    done.store->unanswered.reset();
    const auto code = answer.status();
    auto outcome = record("store", done.request);
    outcome.values.emplace_back("phase", std::string("outcome"));
    outcome.values.emplace_back("decision", done.store->decision);
    outcome.values.emplace_back("bytes", done.store->bytes);
    outcome.values.emplace_back("status", hex(code));
    outcome.values.emplace_back("envelope", done.store->envelope_id);
    describe(done.store->identifiers, outcome.values);
    std::vector<journal::Entry> entries;
    // What was stored before is not gone because the archive does not want it again.
    if (done.store->recorded && !(done.store->stored_before && is_failure(code))) {
        entries.push_back(
            registry::outcome(*done.request.sop_instance(), done.store->time_ms, done.store->envelope_id,
                              is_failure(code) ? registry::State::refused : registry::State::stored));
    }
    entries.push_back(services_.scribe.entry(std::move(outcome)));
    services_.journal.append(std::move(entries), {});
    services_.metrics.response("store", code);
    answer.set(dimse::Element::message_id_being_responded_to,
               static_cast<std::uint16_t>(done.request.message_id()));
    co_return co_await scanner_->send(done.context, std::move(answer));
}

}  // namespace portcullis::service
