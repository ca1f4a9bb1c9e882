#include "gateway/service/delivery.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/hex.hpp"
#include "gateway/base/nowhere.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/error.hpp"
#include "gateway/service/opened.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/tls/error.hpp"

namespace portcullis::service {

namespace {

namespace status = dimse::status;

/// The names of the changed attributes with which this is to be done.
std::string changes(const image::Opened& opened, const Returned& returned, OnChanged what) {
    auto tags = opened.differing;
    std::erase_if(tags, [&](std::uint32_t tag) { return returned.of(tag) != what; });
    return names_of(tags);
}

}  // namespace

Withheld Withheld::because(ErrorCode error, const std::string& detail) {
    using enum image::errc;
    if (error.category() == boost::system::system_category()) return Withheld::full("spool", error);
    const bool alert = error == tampered || error == not_sealed || error == context_differs ||
                       error == wrong_instance || error == not_openable;
    return {error.message(), detail, status::processing_failure, alert};
}

Withheld Withheld::not_registered() {
    return {"not registered", "policy.unregistered: refuse", status::not_authorized, false};
}

Withheld Withheld::full(const std::string& what, ErrorCode error) {
    return {what, error.message(), status::out_of_resources, false};
}

Withheld Withheld::disk_nearly_full() {
    return {"disk nearly full", "", status::out_of_resources, false};
}

Withheld Withheld::unreachable(const std::string& detail) {
    return {"destination", detail, status::out_of_resources, false};
}

Withheld Withheld::unreachable(const ErrorCode& error) {
    auto made = unreachable(error.message());
    if (tls::is_failure(error)) made.reason = "tls";
    return made;
}

Delivery::Delivery(Services& services, const Archive& archive, dimse::Command request,
                   const Uid& transfer_syntax, std::vector<std::shared_ptr<Retrieval>> candidates)
    : services_(services),
      archive_(archive),
      request_(std::move(request)),
      sop_class_(*request_.sop_class()),
      sop_instance_(*request_.sop_instance()),
      transfer_syntax_(transfer_syntax),
      candidates_(std::move(candidates)),
      held_(std::make_unique<image::Spool>(services.settings.journal)),
      out_(held_.get()) {
    prepare();
}

void Delivery::prepare() {
    const auto carried = image::carried_transfer_syntax(transfer_syntax_);
    if (!carried)
        return withhold({"transfer syntax", transfer_syntax_.str(), status::processing_failure, false});
    at_once_ = image::most_at_once(*carried);
    if (services_.short_of_space()) return withhold(Withheld::disk_nearly_full());
    if (candidates_.empty()) return withhold({"no retrieval in flight", "", status::not_authorized, true});
    pass_unregistered_ = services_.access.get()->pass_unregistered &&
                         std::all_of(candidates_.begin(), candidates_.end(), [](const auto& candidate) {
                             return candidate->request().pass_unregistered;
                         });
    // Of several, one has to count what is refused, and is charged for what is opened: whose it is shows in
    // the data set.
    const auto verdict = candidates_.size() == 1 ? decided_alike(so_far()) : std::nullopt;
    if (verdict) {
        settle(*verdict);
        begin_as(verdict->decision);
    } else {
        header_ = std::make_unique<HeldHeader>(*carried, services_.settings.journal);
    }
}

void Delivery::begin_as(policy::Decision decision) {
    decision_ = decision;
    if (decision == policy::Decision::refuse) return withhold({"policy", "", status::not_authorized, false});
    std::vector<registry::Row> rows;
    try {
        rows = services_.registry.find(sop_instance());
    } catch (
        const std::exception& error) {  // a damaged database: what cannot be looked up is not let through
        return withhold({"registry", error.what(), status::out_of_resources, false});
    }
    registered_ = !rows.empty();
    if (registered_) current_ = rows.front().envelope_id;
    look_at_budgets(registered_ ? rows.front().study : "");
    auto envelopes = registry::envelopes_of(rows);
    const auto carried = *image::carried_transfer_syntax(transfer_syntax_);
    if (!envelopes.empty()) {
        open_by(carried, std::move(envelopes));
    } else if (registered_ || pass_unregistered_ || archive_.renumbers) {
        reader_ = image::make_reader(carried);
    } else {
        withhold(Withheld::not_registered());
    }
}

void Delivery::open_by(const image::TransferSyntax& carried, std::vector<Bytes> envelopes) {
    const auto& sealed_as = sealed_as_ ? *sealed_as_ : sop_instance_;
    const codec::ObjectIdentity identity{services_.settings.tenant, sop_class_.str(), sealed_as.str()};
    opener_ = image::make_opener({carried, identity, std::move(envelopes), services_.codecs.allowed,
                                  services_.settings.journal, sealed_as_ ? sop_instance_.str() : ""},
                                 services_.keys);
}

void Delivery::withhold(Withheld why) {
    if (!withheld_) withheld_ = std::move(why);
}

const image::Identifiers& Delivery::identifiers() const {
    if (reader_) return reader_->identifiers();
    return opener_ ? opener_->identifiers() : header_->identifiers();
}

void Delivery::take(ByteView bytes) {
    if (withheld_) return;
    bytes_ += bytes.size();
    if (charged_ && !charge({0, bytes.size()})) return;
    if (decision_)
        pass(bytes);
    else
        hold(bytes);
}

void Delivery::pass(ByteView bytes) {
    const auto pushed = opener_ ? open(bytes) : reader_->push(bytes, *out_);
    if (!pushed)
        return withhold(Withheld::because(pushed.error(),
                                          opener_ ? opener_->failure_detail() : reader_->failure_detail()));
    if (held_->status()) return withhold(Withheld::full("spool", held_->status()));
    if (!retrieval_ && identifiers().complete) match();
}

/// What may leave goes out: what was opened, or, where it stays sealed, what came, once it is verified as far
/// as it has come.
Result<void> Delivery::open(ByteView bytes) {
    if (!stays_sealed()) return opener_->push(bytes, *out_);
    Nowhere nowhere;
    const auto pushed = opener_->push(bytes, nowhere);
    if (pushed) out_->write(bytes);
    return pushed;
}

net::Awaitable<void> Delivery::finish() {
    if (!withheld_ && !decision_) end_header();
    if (!withheld_) finish_reading();
    if (!withheld_ && identifiers().study) look_at_budgets(identifiers().study->str());
    if (!withheld_ && reader_) co_await open_held();
    if (!withheld_ && !services_.journal.healthy())
        withhold({"journal", services_.journal.failure(), status::out_of_resources, false});
}

void Delivery::finish_reading() {
    if (opener_) {
        finish_opening();
    } else {
        const auto read = reader_->finish();
        if (!read) return withhold(Withheld::because(read.error(), reader_->failure_detail()));
    }
    if (!retrieval_) match();
    if (held_->status()) withhold(Withheld::full("spool", held_->status()));
}

void Delivery::finish_opening() {
    Nowhere nowhere;
    auto opened = opener_->finish(stays_sealed() ? static_cast<ByteSink&>(nowhere) : *out_);
    if (!opened) return withhold(Withheld::because(opened.error(), opener_->failure_detail()));
    opened_ = std::move(*opened);
    opened_->superseded = registered_ && portcullis::hex(opened_->id) != current_;
    judge_changes();
}

/// Nothing, if it is the copy that was stored last.
std::string Delivery::older_copy() const {
    if (!opened_->superseded) return {};
    return "of envelope " + portcullis::hex(opened_->id) + ", stored last with " +
           (current_.empty() ? "none" : current_);
}

/// Attributes that archives may change are not bound to the pixels: policy says which may differ.
void Delivery::judge_changes() {
    const auto refused = changes(*opened_, archive_.returned, OnChanged::refuse);
    if (!refused.empty()) withhold({"attributes changed", refused, status::processing_failure, true});
    if (opened_->superseded && archive_.returned.older == OnChanged::refuse)
        withhold({"older copy", older_copy(), status::processing_failure, true});
}

/// Of what is delivered although the archive did something to it: reasons, and what is concerned.
std::vector<std::pair<std::string, std::string>> Delivery::warnings() const {
    if (!opened_) return {};
    std::vector<std::pair<std::string, std::string>> all{
        {"attributes changed", changes(*opened_, archive_.returned, OnChanged::warn)},
        {"older copy", archive_.returned.older == OnChanged::warn ? older_copy() : ""},
        {"sealed values missing", names_of(opened_->missing)},
        {"changed values edited", names_of(opened_->edited)}};
    std::erase_if(all, [](const auto& warning) { return warning.second.empty(); });
    return all;
}

std::vector<journal::Entry> Delivery::intent() const {
    std::vector<journal::Entry> entries{services_.scribe.entry(record("intent"))};
    for (const auto& [reason, names] : warnings()) {
        entries.push_back(services_.scribe.entry(record_as("warning", "intent", reason, names)));
        services_.metrics.object_warned(archive_.name, reason);
    }
    return entries;
}

const Uid& Delivery::opened_in() const {
    return opener_ && !stays_sealed() ? opener_->written_in().uid : transfer_syntax_;
}

const Uid& Delivery::written_in() const {
    return transcoded_ ? *transcoded_ : opened_in();
}

/// The retrieval whose counts tell of it: also one that it could only have belonged to.
std::shared_ptr<Retrieval> Delivery::counted_for() const {
    return retrieval_ || candidates_.size() != 1 ? retrieval_ : candidates_.front();
}

std::uint16_t Delivery::refused(bool resume) {
    recorded_ = true;
    auto refusal =
        record_as(withheld_->alert ? "alert" : "refusal", "refused", withheld_->reason, withheld_->detail);
    refusal.values.emplace_back("status", hex(withheld_->status));
    if (charged_) add_cost(refusal);
    note(services_, std::move(refusal));
    services_.metrics.object_refused(archive_.name, withheld_->reason);
    if (withheld_->reason == over_budget) services_.metrics.budget_refused();
    const auto retrieval = counted_for();
    if (!retrieval || retrieval->is_push()) return withheld_->status;
    retrieval->withhold(sop_instance(), resume);
    return resume ? status::suboperations_with_failures : withheld_->status;
}

bool Delivery::may_stream() const {
    const bool recoded = written_in() != transfer_syntax_;
    return !recoded && !withheld_ && retrieval_ && archive_.release == Release::stream &&
           held_->size() > always_whole && (opener_ ? opener_->released() : registered_ && !stays_sealed());
}

void Delivery::answered(std::uint16_t status) {
    recorded_ = true;
    auto outcome = record("outcome");
    outcome.values.emplace_back("status", hex(status));
    add_cost(outcome);
    note(services_, std::move(outcome));
    services_.metrics.response(std::string(policy::name(operation())), status);
    if (is_failure(status)) return;
    if (!retrieval_->is_push())
        retrieval_->delivered(sealed_as_.value_or(sop_instance()));  // which the registry knows
    count_opened();
}

policy::Operation Delivery::operation() const {
    const auto retrieval = counted_for();
    return retrieval ? retrieval->request().operation : policy::Operation::retrieve;
}

audit::Record Delivery::record(const std::string& phase) const {
    audit::Record record(
        std::string(policy::name(operation())),
        {{"phase", phase}, {"archive", archive_.name}, {"sop_instance", sop_instance().str()}});
    auto& values = record.values;
    values.emplace_back("sop_class", sop_class_.str());
    if (opener_ || reader_ || header_) {
        const auto& known = identifiers();
        if (known.study) values.emplace_back("study", known.study->str());
        values.emplace_back("patient_id", known.patient_id);
    }
    if (const auto retrieval = counted_for()) {
        const auto& request = retrieval->request();
        values.emplace_back("calling_ae", request.viewer.str());
        values.emplace_back("address", request.viewer_address.str());
        if (request.user) values.emplace_back("user", *request.user);
        values.emplace_back("destination", request.destination.str());
        values.emplace_back("peer", request.peer);
        if (!retrieval->is_push()) values.emplace_back("from", request.from());
        values.emplace_back("rule", verdict_ ? verdict_->rule : request.judged.judge(so_far()).rules());
        const auto decision = decision_ || !verdict_ ? decision_ : verdict_->decision;
        if (decision) values.emplace_back("decision", std::string(policy::name(*decision)));
    }
    if (!budget_.empty()) values.emplace_back("budget", budget_);
    values.emplace_back("sealed", opener_ != nullptr);
    if (sealed_as_) values.emplace_back("sealed_as", sealed_as_->str());
    if (opener_ && !registered_) values.emplace_back("registered", false);
    if (!opened_) return record;
    values.emplace_back("envelope", portcullis::hex(opened_->id));
    describe(*opened_, values);
    if (transcoded_) values.emplace_back("transcoded", opened_in().str() + " to " + transcoded_->str());
    return record;
}

audit::Record Delivery::record_as(const std::string& event, const std::string& phase,
                                  const std::string& reason, const std::string& detail) const {
    auto record = this->record(phase);
    record.values.emplace_back("operation", std::exchange(record.event, event));
    record.values.emplace_back("reason", reason);
    record.values.emplace_back("detail", detail);
    return record;
}

void Delivery::count_opened() const {
    if (!opened_ || stays_sealed()) return;
    const std::chrono::duration<double> seconds = net::Clock::now() - began_;
    services_.metrics.object_opened(archive_.name, bytes_, opened_->units, seconds.count());
}

}  // namespace portcullis::service
