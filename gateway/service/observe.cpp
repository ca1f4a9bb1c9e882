#include "gateway/service/observe.hpp"

#include <set>

#include "gateway/admin/log.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/service/retrieve.hpp"
#include "gateway/service/store.hpp"
#include "gateway/service/store_trial.hpp"

namespace portcullis::service {

namespace status = dimse::status;

namespace {

constexpr std::size_t most_named = 64;  // contexts of one association
constexpr std::string_view refuse = "refuse";

/// What passes as bytes.
class RelayObserver final : public Observer {
  public:
    RelayObserver(IngressSession& session, const dimse::Command& request, const policy::Verdict& verdict)
        : session_(session), request_(request), verdict_(verdict) {}
    void take(ByteView) override {}
    void conclude() override {
        report(session_.services(), session_.record("observe", request_), operation_of(request_),
               would_relay(verdict_));
    }

  private:
    IngressSession& session_;
    const dimse::Command request_;
    const policy::Verdict verdict_;
};

class StoreObserver final : public Observer {
  public:
    StoreObserver(IngressSession& session, ContextId context, const dimse::Command& request,
                  const Judged& judged)
        : session_(session),
          request_(request),
          judged_(judged),
          refused_(refusal_of_store(request, judged.judgement())),
          carried_(image::carried_transfer_syntax(session.scanner().context(context)->transfer_syntax)) {
        if (!refused_ && !carried_)
            refused_ = not_carried(session.scanner().context(context)->transfer_syntax);
        if (refused_ || judged.decided())
            begin_as(judged.decide());
        else
            header_.emplace(*carried_, session.services().settings.journal);
    }

    void take(ByteView fragment) override {
        if (!header_) return try_on(fragment);
        if (const auto taken = header_->take(fragment); !taken)
            give_up(taken.error());
        else if (header_->described())
            decide();
    }

    void conclude() override {
        if (header_) end_header();
        if (trial_) trial_->finish();
        if (trial_ && trial_->failure()) refused_ = trial_->failure();
        Would would{std::string(policy::name(verdict_.decision)), verdict_.rule, verdict_.from};
        if (refused_) {
            would.what = refuse;
            would.status = refused_->status;
            would.reason = refused_->reason;
            would.detail = refused_->detail;
        }
        if (trial_) describe(*trial_, would);
        report(session_.services(), session_.record("observe", request_), policy::Operation::store,
               std::move(would));
    }

  private:
    void begin_as(const policy::Verdict& verdict) {
        verdict_ = verdict;
        if (!refused_) refused_ = refusal_by(verdict);
        if (!refused_)
            trial_.emplace(sealing_of(session_, request_, *carried_, now_ms()),
                           verdict.decision == policy::Decision::seal);
    }

    void try_on(ByteView fragment) {
        if (trial_) trial_->take(fragment);
    }

    void give_up(ErrorCode why) {
        refused_ = not_stored(why, header_->failure_detail());
        verdict_ = judged_.decide();
        header_.reset();
    }

    void end_header() {
        if (const auto ended = header_->finish(); !ended)
            give_up(ended.error());
        else
            decide();
    }

    void decide() {
        begin_as(judged_.decide(object_of(header_->identifiers(), *request_.sop_class())));
        (void)header_->held().drain([&](ByteView bytes) { try_on(bytes); });
        header_.reset();
    }

    static void describe(const StoreTrial& trial, Would& would) {
        if (trial.unfinished()) would.more.emplace_back("unfinished", *trial.unfinished());
        const auto& sealed = trial.sealed();
        if (!sealed) return;
        would.more.emplace_back("regions", sealed->regions);
        would.more.emplace_back("bytes", sealed->bytes);
        would.more.emplace_back("units", sealed->units);
        // If it verifies it passes as it is.
        if (sealed->foreign_block) would.more.emplace_back("has_envelope", true);
    }

    IngressSession& session_;
    const dimse::Command request_;
    const Judged judged_;
    policy::Verdict verdict_{};
    std::optional<NotStored> refused_;
    const std::optional<image::TransferSyntax> carried_;
    std::optional<HeldHeader> header_;  // as long as what policy decides depends on it
    std::optional<StoreTrial> trial_;
};

class RetrieveObserver final : public Observer {
  public:
    RetrieveObserver(IngressSession& session, ContextId context, const dimse::Command& request,
                     const Judged& judged)
        : session_(session),
          request_(request),
          from_(judged.decide().from),
          asked_(session, context, request) {}
    void take(ByteView fragment) override { asked_.take(fragment); }
    void conclude() override {
        const auto refusal = asked_.judge();
        const auto& judgement = asked_.judgement();
        Would would{outlook(judgement), judgement.rules(), from_};
        if (refusal)
            would = {std::string(refuse), refusal->rule, from_, refusal->status, refusal->reason};
        else if (!judgement.decided())
            would.more.emplace_back("depends_on", listed(judgement.depends_on));
        if (const auto destination = request_.ae_title(dimse::Element::move_destination))
            would.more.emplace_back("destination", destination->str());
        report(session_.services(), session_.record("observe", request_), policy::Operation::retrieve,
               std::move(would));
    }

  private:
    IngressSession& session_;
    const dimse::Command request_;
    const std::string from_;
    RetrieveRequest asked_;
};

}  // namespace

void report(Services& services, audit::Record record, policy::Operation operation, Would would) {
    auto& values = record.values;
    values.emplace_back("operation", std::string(policy::name(operation)));
    values.emplace_back("would", would.what);
    if (!would.rule.empty()) values.emplace_back("rule", std::move(would.rule));
    values.emplace_back("recognised", !would.from.empty());
    if (!would.from.empty()) values.emplace_back("from", std::move(would.from));
    if (would.what == refuse) {
        values.emplace_back("status", hex(would.status));
        values.emplace_back("reason", std::move(would.reason));
        if (!would.detail.empty()) values.emplace_back("detail", std::move(would.detail));
    }
    for (auto& value : would.more) values.push_back(std::move(value));
    services.metrics.observed(std::string(policy::name(operation)), would.what);
    note(services, std::move(record));
}

Would would_relay(const policy::Verdict& verdict) {
    if (verdict.decision == policy::Decision::relay) return {"relay", verdict.rule, verdict.from};
    return {std::string(refuse), verdict.rule, verdict.from, status::not_authorized, "policy"};
}

void announce_mode(Services& services) {
    services.metrics.observing(services.observing());
    if (!services.observing()) return;
    admin::log(admin::Level::warning, "observe",
               {{"meaning", "everything is relayed as it comes: nothing is sealed, opened or refused"}});
    if (const auto rows = services.registry.size())
        admin::log(admin::Level::warning, "observe",
                   {{"registered", std::to_string(rows)},
                    {"meaning", "viewers get what was sealed before as it is in the archive: sealed"}});
}

void report_not_offered(IngressSession& session, const ul::AssociateRq& from_scanner) {
    std::set<std::string> contexts;
    for (const auto& context : from_scanner.contexts)
        for (const auto& syntax : context.transfer_syntaxes)
            if (!image::carried_transfer_syntax(syntax))
                contexts.insert(context.abstract_syntax.str() + " in " + syntax.str());
    if (contexts.empty()) return;
    std::string named;
    std::size_t left = most_named;
    for (auto next = contexts.begin(); next != contexts.end() && left > 0; ++next, --left)
        named += (named.empty() ? "" : ", ") + *next;
    note(session.services(), audit::Record("observe", {{"operation", std::string("association")},
                                                       {"would", std::string("not offer")},
                                                       {"calling_ae", session.calling().str()},
                                                       {"called_ae", session.called().str()},
                                                       {"address", session.address().str()},
                                                       {"archive", session.archive().name},
                                                       {"count", std::uint64_t{contexts.size()}},
                                                       {"contexts", named}}));
}

std::unique_ptr<Observer> make_observer(IngressSession& session, ContextId context,
                                        const dimse::Command& request, const Judged& judged) {
    switch (operation_of(request)) {
        case policy::Operation::store:
            return std::make_unique<StoreObserver>(session, context, request, judged);
        case policy::Operation::retrieve:
            return std::make_unique<RetrieveObserver>(session, context, request, judged);
        default:
            return std::make_unique<RelayObserver>(session, request, judged.decide());
    }
}

net::Awaitable<Result<void>> ObservedRequest::data(ByteView fragment) {
    auto passed = co_await passing_->data(fragment);
    observer_->take(fragment);
    co_return passed;
}

net::Awaitable<Result<void>> ObservedRequest::end() {
    auto passed = co_await passing_->end();
    observer_->conclude();
    co_return passed;
}

}  // namespace portcullis::service
