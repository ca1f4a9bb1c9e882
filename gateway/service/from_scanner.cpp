#include "gateway/service/from_scanner.hpp"

#include "gateway/dimse/status.hpp"
#include "gateway/service/commitment.hpp"
#include "gateway/service/observe.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/service/query.hpp"
#include "gateway/service/relay.hpp"
#include "gateway/service/retrieve.hpp"
#include "gateway/service/store.hpp"

namespace portcullis::service {

namespace status = dimse::status;
using NextInflow = Result<std::unique_ptr<Inflow>>;

net::Awaitable<NextInflow> FromScanner::command(ContextId context, dimse::Command command) {
    if (command.is_response()) co_return co_await response(std::move(command));
    if (command.field() == dimse::CommandField::c_cancel_rq)
        co_return co_await cancel(context, std::move(command));
    co_return co_await request(context, std::move(command));
}

net::Awaitable<NextInflow> FromScanner::request(ContextId context, dimse::Command request) {
    co_await session_.room_for_a_request();
    if (session_.services().observing()) co_return co_await observe(context, std::move(request));
    if (session_.services().short_of_space()) {
        co_return std::make_unique<RefusedRequest>(session_, context, std::move(request),
                                                   status::out_of_resources, "disk nearly full", "");
    }
    if (request.field() == dimse::CommandField::c_store_rq)
        co_return co_await store(context, std::move(request));
    if (request.field() == dimse::CommandField::c_move_rq ||
        request.field() == dimse::CommandField::c_get_rq) {
        co_return std::make_unique<RetrieveRequest>(session_, context, std::move(request));
    }
    const auto verdict = session_.decide(request);
    session_.services().metrics.request(std::string(policy::name(operation_of(request))),
                                        std::string(policy::name(verdict.decision)));
    if (verdict.decision != policy::Decision::relay) {
        co_return std::make_unique<RefusedRequest>(session_, context, std::move(request),
                                                   status::not_authorized, "policy", verdict.rule);
    }
    if (is_commitment_request(request))
        co_return std::make_unique<CommitmentRequest>(session_, context, std::move(request), verdict.rule);
    co_return co_await relay(context, std::move(request), verdict.rule);
}

/// It goes on, whatever the policy says. Who asks for a commitment is kept all the same: results may come on
/// an association of the archive's own.
net::Awaitable<NextInflow> FromScanner::observe(ContextId context, dimse::Command request) {
    const auto judged = session_.judge(request);
    auto observer = make_observer(session_, context, request, judged);
    auto rule = judged.judgement().rules();
    std::unique_ptr<Inflow> passing;
    if (is_commitment_request(request)) {
        passing = std::make_unique<CommitmentRequest>(session_, context, std::move(request), std::move(rule));
    } else {
        auto relayed = co_await relay(context, std::move(request), std::move(rule));
        if (!relayed) co_return relayed.error();
        passing = std::move(*relayed);
    }
    if (passing) co_return std::make_unique<ObservedRequest>(std::move(passing), std::move(observer));
    observer->conclude();
    co_return nullptr;
}

net::Awaitable<NextInflow> FromScanner::store(ContextId context, dimse::Command request) {
    auto judged = session_.judge(request);
    auto refusal = refusal_of_store(request, judged.judgement());
    if (refusal) {
        co_return std::make_unique<RefusedRequest>(session_, context, std::move(request), refusal->status,
                                                   std::move(refusal->reason), judged.judgement().rules());
    }
    auto leg = co_await session_.archive_leg();
    if (!leg) co_return leg.error();
    auto store = std::make_unique<StoreRequest>(session_, std::move(*leg), context, std::move(request),
                                                std::move(judged));
    const auto begun = co_await store->begin();
    if (!begun) co_return begun.error();
    co_return store;
}

/// As bytes: only the message id is the gateway's own.
net::Awaitable<NextInflow> FromScanner::relay(ContextId context, dimse::Command request, std::string rule) {
    auto leg = co_await session_.archive_leg();
    if (!leg) co_return leg.error();
    auto command = request;
    Pending pending{context, std::move(request), std::move(rule), nullptr, nullptr};
    const auto query = query_of(session_, context, command);
    pending.query = query;
    const auto upstream = session_.add_pending(std::move(pending));
    if (!upstream) {
        co_return std::make_unique<RefusedRequest>(session_, context, std::move(command),
                                                   status::out_of_resources, "too many requests in flight",
                                                   "");
    }
    command.set(dimse::Element::message_id, static_cast<std::uint16_t>(*upstream));
    auto passing = co_await RelayedMessage::begin(std::move(*leg), context, std::move(command));
    if (!passing) co_return passing.error();
    if (!query || !*passing) co_return std::move(*passing);
    co_return std::make_unique<QueryRequest>(std::move(*passing), query);
}

/// To a request of the archive's: an N-EVENT-REPORT, or a C-STORE of a C-GET. Message ids of that direction
/// are the archive's own. A response to nothing is dropped.
net::Awaitable<NextInflow> FromScanner::response(dimse::Command response) {
    const auto found = session_.asked().find(response.responded_to());
    const auto leg = session_.present_archive_leg();
    if (found == session_.asked().end() || !leg) co_return nullptr;
    const auto asked = found->second;
    if (asked.object) asked.object->answered(response.status());
    if (asked.result) session_.note_commitment("result", *asked.result, response);
    session_.asked().erase(found);
    co_return co_await RelayedMessage::begin(leg, asked.context, std::move(response));
}

/// Of a request that is finished, or was never made: nothing to cancel (PS3.7 9.3.2.3).
net::Awaitable<NextInflow> FromScanner::cancel(ContextId context, dimse::Command request) {
    for (const auto& [upstream, pending] : session_.all_pending()) {
        if (pending.request.message_id() != request.responded_to() || pending.context != context) continue;
        request.set(dimse::Element::message_id_being_responded_to, static_cast<std::uint16_t>(upstream));
        const auto leg = session_.present_archive_leg();
        if (!leg) co_return nullptr;
        co_return co_await RelayedMessage::begin(leg, context, std::move(request));
    }
    co_return nullptr;
}

}  // namespace portcullis::service
