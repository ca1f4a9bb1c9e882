#include "gateway/service/retrieve.hpp"

#include <algorithm>

#include "gateway/dimse/status.hpp"
#include "gateway/service/opened.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::service {

namespace {

namespace status = dimse::status;
using dimse::Element;

constexpr std::size_t longest_identifier = 1024 * 1024;  // bytes

std::uint16_t capped(std::uint64_t count) {
    return static_cast<std::uint16_t>(std::min<std::uint64_t>(count, 0xFFFF));
}

}  // namespace

RetrieveRequest::RetrieveRequest(IngressSession& session, ContextId context, dimse::Command request)
    : session_(session),
      context_(context),
      request_(std::move(request)),
      move_(request_.field() == dimse::CommandField::c_move_rq) {}

void RetrieveRequest::take(ByteView fragment) {
    too_long_ = too_long_ || identifier_.size() + fragment.size() > longest_identifier;
    if (!too_long_) append(identifier_, fragment);
}

net::Awaitable<Result<void>> RetrieveRequest::data(ByteView fragment) {
    take(fragment);
    co_return Result<void>();
}

net::Awaitable<Result<void>> RetrieveRequest::end() {
    auto refusal = judge();
    if (!refusal) refusal = judge_budgets();
    if (!refusal && unbroken_) {
        const auto failed = co_await sound_alarm();
        if (failed)
            refusal = Refusal{status::out_of_resources, "journal", judgement().rules(), failed.message()};
    }
    count(refusal.has_value());
    if (!refusal) co_return co_await forward();
    co_return co_await session_.refuse(context_, request_, refusal->status, std::move(refusal->reason),
                                       std::move(refusal->rule), "refusal", std::move(refusal->detail));
}

void RetrieveRequest::count(bool refused) const {
    auto& metrics = session_.services().metrics;
    if (parties_known_)
        metrics.request(std::string(policy::name(policy::Operation::retrieve)), outlook(judgement()));
    if (title_only_ && !refused && judgement().may(policy::Decision::open)) metrics.title_only_opened();
    if (unbroken_ && !refused) metrics.glass_broken();
}

/// Strangers learn nothing, not even which destinations exist.
std::optional<RetrieveRequest::Refusal> RetrieveRequest::judge() {
    const auto access = session_.services().access.get();
    const auto* viewer =
        access->policy.recognise(session_.calling(), session_.address(), session_.certificate());
    destination_ = session_.calling();
    receiver_ = viewer;
    if (move_) {
        destination_ = request_.ae_title(Element::move_destination);
        receiver_ = destination_ ? access->receiver_called(*destination_) : nullptr;
    }
    judged_.emplace(
        session_.judge(request_, access, receiver_ ? std::optional(receiver_->name) : std::nullopt));
    if (const auto refusal = judge_parties(viewer)) return refusal;
    const auto syntax = image::carried_transfer_syntax(session_.scanner().context(context_)->transfer_syntax);
    if (!syntax || too_long_) return Refusal{status::cannot_understand, "identifier", judgement().rules()};
    auto scope = image::read_scope(identifier_, *syntax);
    if (!scope || scope->empty())
        return Refusal{status::data_set_mismatch, "identifier", judgement().rules()};
    scope_ = std::move(*scope);
    return std::nullopt;
}

/// What no object can change. Nothing but a title may say who asks: then the objects go where the
/// configuration says, never back on this association.
std::optional<RetrieveRequest::Refusal> RetrieveRequest::judge_parties(const policy::Peer* viewer) {
    const auto rule = [&] { return judged_->decide().rule; };
    if (!viewer) return Refusal{status::not_authorized, "unknown viewer", rule()};
    if (!receiver_) return Refusal{status::move_destination_unknown, "unknown destination", ""};
    parties_known_ = true;
    title_only_ = viewer->title_only;
    if (judgement().may(policy::Decision::open) || break_glass() || judgement().may(policy::Decision::sealed))
        return std::nullopt;
    const bool by_title = title_only_ && !move_;
    return Refusal{status::not_authorized, by_title ? "C-GET by an AE title alone" : "policy", rule()};
}

/// By the rules for that, now that the others do not open it.
bool RetrieveRequest::break_glass() {
    auto broken = judged_->with_broken_glass();
    if (!broken.judgement().may(policy::Decision::open)) return false;
    unbroken_ = std::exchange(judged_, std::move(broken));
    return true;
}

void RetrieveRequest::mend_glass() {
    judged_ = std::exchange(unbroken_, std::nullopt);
}

/// Whether the budgets of such a rule leave room for nothing of what is asked for.
std::optional<policy::Exceeded> RetrieveRequest::exceeded(const std::string& rule) const {
    auto& spending = session_.services().spending;
    const policy::Spender spender{from(), session_.user(), rule};
    if (scope_.studies.empty()) return spending.look(spender);
    std::optional<policy::Exceeded> exceeded;
    for (const auto& study : scope_.studies)
        if (!(exceeded = spending.look(spender, study.str()))) return std::nullopt;
    return exceeded;
}

/// Whether they leave room for nothing, whatever the objects turn out to be. Of several the mildest.
std::optional<policy::Exceeded> RetrieveRequest::exceeded() const {
    std::optional<policy::Exceeded> mildest;
    for (const auto* rule : judgement().possible) {
        if (rule->decide != policy::Decision::open) continue;
        const auto one = exceeded(rule->name);
        if (!one) return std::nullopt;
        if (!mildest || one->over == policy::Over::sealed) mildest = one;
    }
    return mildest;
}

/// What is over a budget may still be opened by breaking the glass, and what is over the budget of that, go
/// sealed by the other rules. Where a budget has what is over it sealed, the request goes on: each object is
/// judged when it comes.
std::optional<RetrieveRequest::Refusal> RetrieveRequest::judge_budgets() {
    const auto over = exceeded();
    if (!over) return std::nullopt;
    const Refusal refusal{status::not_authorized, over_budget, judgement().rules(), describe(*over)};
    if (unbroken_) {
        mend_glass();
    } else if (break_glass()) {
        if (!exceeded()) return std::nullopt;
        mend_glass();
    }
    if (over->over == policy::Over::sealed || judgement().may(policy::Decision::sealed)) return std::nullopt;
    session_.services().metrics.budget_refused();
    return refusal;
}

/// On disk before anything is opened.
net::Awaitable<ErrorCode> RetrieveRequest::sound_alarm() {
    auto alert = session_.record("alert", request_);
    auto& values = alert.values;
    values.emplace_back("reason", std::string("break-glass"));
    values.emplace_back("operation", std::string(policy::name(policy::Operation::retrieve)));
    values.emplace_back("rule", judgement().rules());
    values.emplace_back("from", from());
    values.emplace_back("destination", destination_->str());
    values.emplace_back("peer", receiver_->name);
    co_return co_await make_durable(session_.services(), std::move(alert));
}

Retrieval::Request RetrieveRequest::retrieval_request() {
    const auto& access = judged_->access();
    return {&session_.archive(),
            session_.calling(),
            session_.address(),
            request_.message_id(),
            std::move(scope_),
            *judged_,
            receiver_->name,
            *destination_,
            move_ ? std::optional(access.endpoints.at(receiver_->name)) : std::nullopt,
            access.tls.of_peer(receiver_->name),
            access.pass_unregistered,
            session_.user()};
}

net::Awaitable<Result<void>> RetrieveRequest::forward() {
    auto leg = co_await session_.archive_leg();
    if (!leg) co_return leg.error();
    auto command = request_;
    const auto rules = judgement().rules();
    const auto upstream = session_.add_pending({context_, request_, rules, nullptr, nullptr});
    if (!upstream) {
        std::string reason = "too many requests in flight";
        co_return co_await session_.refuse(context_, request_, status::out_of_resources, std::move(reason),
                                           rules);
    }
    auto retrieval = move_ ? session_.traffic().moves.begin(retrieval_request(), *upstream)
                           : std::make_shared<Retrieval>(retrieval_request(), *upstream,
                                                         session_.services().settings.ae_title);
    session_.pending(*upstream)->retrieval = retrieval;
    auto record = session_.record("retrieve", request_);
    record.values.emplace_back("phase", std::string("request"));
    record.values.emplace_back("destination", retrieval->request().destination.str());
    record.values.emplace_back("from", from());
    record.values.emplace_back("rule", rules);
    if (!judgement().decided()) record.values.emplace_back("depends_on", listed(judgement().depends_on));
    describe(retrieval->request().scope, record.values);
    note(session_.services(), std::move(record));
    command.set(Element::message_id, static_cast<std::uint16_t>(*upstream));
    if (move_) command.set(Element::move_destination, retrieval->gateway_title().str());
    co_return co_await (*leg)->send(context_, std::move(command), std::move(identifier_));
}

RetrieveResponse::RetrieveResponse(IngressSession& session, ContextId context, dimse::Command response)
    : session_(session), context_(context), response_(std::move(response)) {}

net::Awaitable<Result<void>> RetrieveResponse::data(ByteView fragment) {
    if (identifier_.size() + fragment.size() > longest_identifier)
        co_return ErrorCode(ul::errc::invalid_length);
    append(identifier_, fragment);
    co_return Result<void>();
}

net::Awaitable<Result<void>> RetrieveResponse::end() {
    const auto upstream = response_.responded_to();
    const auto* found = session_.pending(upstream);
    if (!found) co_return Result<void>();
    const Pending pending = *found;
    correct_counts(*pending.retrieval);
    if (!status::is_pending(response_.status())) {
        correct_failed_list(*pending.retrieval);
        session_.finish_pending(upstream);
        note_end(pending);
        session_.services().metrics.response("retrieve", response_.status());
    }
    response_.set(Element::message_id_being_responded_to,
                  static_cast<std::uint16_t>(pending.request.message_id()));
    co_return co_await session_.scanner().send(pending.context, std::move(response_), std::move(identifier_));
}

/// The archive counted what we withheld as a warning, where it was told so, or as completed, as Orthanc
/// counts warnings: it failed. A pending response may be older than what was withheld since: of what it says
/// is completed nothing is taken.
void RetrieveResponse::correct_counts(const Retrieval& retrieval) {
    const std::uint64_t withheld = retrieval.counted_as_warning();
    if (withheld == 0) return;
    const auto count = [&](Element of) -> std::uint64_t { return response_.number(of).value_or(0); };
    const auto completed = count(Element::number_of_completed_suboperations);
    const auto warning = count(Element::number_of_warning_suboperations);
    const auto as_warning = std::min(warning, withheld);
    const bool final = !status::is_pending(response_.status());
    const auto as_completed = final ? std::min(completed, withheld - as_warning) : 0;
    response_.set(Element::number_of_failed_suboperations,
                  capped(count(Element::number_of_failed_suboperations) + withheld));
    response_.set(Element::number_of_warning_suboperations, capped(warning - as_warning));
    response_.set(Element::number_of_completed_suboperations, capped(completed - as_completed));
    if (response_.status() == status::success)
        response_.set(Element::status, status::suboperations_with_failures);
}

void RetrieveResponse::correct_failed_list(const Retrieval& retrieval) {
    const auto withheld = retrieval.withheld().instances;
    if (withheld.empty()) return;
    const auto syntax = image::carried_transfer_syntax(session_.scanner().context(context_)->transfer_syntax);
    if (!syntax) return;
    std::vector<Uid> failed;
    if (response_.has_data_set()) {
        if (auto listed = image::read_failed_list(identifier_, *syntax)) failed = std::move(*listed);
    }
    for (const auto& instance : withheld) {
        if (std::find(failed.begin(), failed.end(), instance) == failed.end()) failed.push_back(instance);
    }
    identifier_ = image::write_failed_list(failed, *syntax);
    response_.set(Element::command_data_set_type, std::uint16_t{0x0001});
}

/// Of whole studies: what the registry knows and the archive did not give back.
std::vector<Uid> RetrieveResponse::missing(const Retrieval& retrieval) const {
    const auto& scope = retrieval.request().scope;
    const bool cancelled = response_.status() == status::cancelled;
    if (cancelled || scope.studies.empty() || !scope.series.empty() || !scope.instances.empty()) return {};
    auto returned = retrieval.delivered();
    const auto withheld = retrieval.withheld().instances;
    returned.insert(returned.end(), withheld.begin(), withheld.end());
    std::sort(returned.begin(), returned.end());
    std::vector<Uid> absent;
    for (const auto& study : scope.studies) {
        for (auto& instance : session_.services().registry.instances_of_study(study)) {
            if (!std::binary_search(returned.begin(), returned.end(), instance))
                absent.push_back(std::move(instance));
        }
    }
    return absent;
}

void RetrieveResponse::note_end(const Pending& pending) const {
    auto record = session_.record("retrieve", pending.request);
    auto& values = record.values;
    const auto& retrieval = *pending.retrieval;
    values.emplace_back("phase", std::string("end"));
    values.emplace_back("destination", retrieval.request().destination.str());
    values.emplace_back("status", hex(response_.status()));
    describe(retrieval.request().scope, values);
    const auto delivered = retrieval.delivered();
    const auto withheld = retrieval.withheld().instances;
    values.emplace_back("delivered", std::uint64_t{delivered.size()});
    values.emplace_back("withheld", std::uint64_t{withheld.size()});
    const auto absent = missing(retrieval);
    if (!absent.empty()) {
        values.emplace_back("missing", std::uint64_t{absent.size()});
        values.emplace_back("missing_instances", listed(absent));
    }
    note(session_.services(), std::move(record));
}

}  // namespace portcullis::service
