#include "gateway/service/from_archive.hpp"

#include "gateway/dimse/status.hpp"
#include "gateway/service/commitment.hpp"
#include "gateway/service/get_store.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/service/query.hpp"
#include "gateway/service/relay.hpp"
#include "gateway/service/retrieve.hpp"

namespace portcullis::service {

using NextInflow = Result<std::unique_ptr<Inflow>>;

net::Awaitable<NextInflow> FromArchive::command(ContextId context, dimse::Command command) {
    if (command.is_response()) co_return co_await response(context, std::move(command));
    const bool enforcing = !session_.services().observing();
    if (enforcing && command.field() == dimse::CommandField::c_store_rq)
        co_return co_await object(context, std::move(command));
    if (enforcing && is_commitment_result(command) &&
        is_commitment_class(leg_.context(context)->abstract_syntax))
        co_return std::make_unique<PassingResult>(session_, leg_, context, std::move(command));
    if (command.field() != dimse::CommandField::c_cancel_rq)
        session_.asked().insert_or_assign(command.message_id(), Asked{context, nullptr});
    co_return co_await relay(context, std::move(command));
}

net::Awaitable<NextInflow> FromArchive::response(ContextId context, dimse::Command response) {
    const auto upstream = response.responded_to();
    auto* pending = session_.pending(upstream);
    if (!pending) co_return nullptr;  // late, or to nothing that was asked: dropped
    if (pending->retrieval)
        co_return std::make_unique<RetrieveResponse>(session_, context, std::move(response));
    if (pending->store && !pending->store->sent) {
        pending->store->answer = std::move(response);
        co_return nullptr;
    }
    if (pending->store) {
        const auto answered = co_await session_.answer_store(upstream, std::move(response));
        if (!answered) co_return answered.error();
        co_return nullptr;
    }
    response.set(dimse::Element::message_id_being_responded_to,
                 static_cast<std::uint16_t>(pending->request.message_id()));
    if (pending->commitment) session_.note_commitment("outcome", *pending->commitment, response);
    const bool final = !dimse::status::is_pending(response.status());
    if (pending->query && !final) pending->query->matched();
    if (pending->query && final) note_query(session_, *pending, response.status());
    if (final) session_.finish_pending(upstream);
    co_return co_await relay(context, std::move(response));
}

net::Awaitable<NextInflow> FromArchive::relay(ContextId context, dimse::Command command) {
    // The scanner's leg outlives every message to it.
    const std::shared_ptr<Leg> scanner(session_.shared_from_this(), &session_.scanner());
    co_return co_await RelayedMessage::begin(scanner, context, std::move(command));
}

net::Awaitable<NextInflow> FromArchive::object(ContextId context, dimse::Command request) {
    if (!request.has_data_set() || !request.sop_class() || !request.sop_instance()) {
        const auto sent =
            co_await leg_.send(context, dimse::response_to(request, dimse::status::cannot_understand));
        if (!sent) co_return sent.error();
        co_return nullptr;
    }
    std::vector<std::shared_ptr<Retrieval>> gets;
    for (const auto& [upstream, pending] : session_.all_pending()) {
        if (pending.retrieval && !pending.retrieval->request().endpoint) gets.push_back(pending.retrieval);
    }
    auto delivery = std::make_shared<Delivery>(session_.services(), session_.archive(), std::move(request),
                                               leg_.context(context)->transfer_syntax, std::move(gets));
    co_return std::make_unique<GetStore>(session_, leg_, context, std::move(delivery));
}

}  // namespace portcullis::service
