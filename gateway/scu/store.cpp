#include "gateway/scu/store.hpp"

#include <algorithm>

#include "gateway/net/error.hpp"

namespace portcullis::scu {

namespace {

/// One context for each pair of class and transfer syntax: no choice is left to the archive.
std::vector<ul::ProposedContext> contexts_for(const std::vector<Object>& objects) {
    std::vector<ul::ProposedContext> contexts;
    for (const auto& object : objects) {
        const auto is_same = [&](const ul::ProposedContext& context) {
            return context.abstract_syntax == object.sop_class &&
                   context.transfer_syntaxes.front() == object.transfer_syntax;
        };
        const auto id = ContextId::parse(1 + 2 * static_cast<unsigned>(contexts.size()));
        if (id && std::none_of(contexts.begin(), contexts.end(), is_same))
            contexts.push_back({*id, object.sop_class, {object.transfer_syntax}});
    }
    return contexts;
}

std::optional<ContextId> context_for(const net::Leg& leg, const Object& object) {
    for (const auto& [id, agreed] : leg.contexts())
        if (agreed.abstract_syntax == object.sop_class && agreed.transfer_syntax == object.transfer_syntax)
            return id;
    return std::nullopt;
}

net::Awaitable<Result<std::uint16_t>> store_one(net::Leg& leg, ContextId context, const Object& object,
                                                MessageId id) {
    dimse::Command request(dimse::CommandField::c_store_rq);
    request.set(dimse::Element::affected_sop_class_uid, object.sop_class.str());
    request.set(dimse::Element::affected_sop_instance_uid, object.sop_instance.str());
    request.set(dimse::Element::message_id, static_cast<std::uint16_t>(id));
    request.set(dimse::Element::priority, std::uint16_t{0});
    request.set(dimse::Element::command_data_set_type, std::uint16_t{0});
    const auto sent = co_await leg.send(context, std::move(request), object.data_set);
    if (!sent) co_return sent.error();
    const auto response = co_await leg.await_response(id);
    if (!response) co_return response.error();
    co_return response->status();
}

}  // namespace

net::Awaitable<Result<void>> store(const Call& call, Open& open, const std::vector<Object>& objects,
                                   ul::AssociateRj* rejection, std::vector<StoreAnswer>& answers) {
    const auto leg = co_await associate(call, open, contexts_for(objects), {}, rejection);
    if (!leg) co_return leg.error();
    std::uint16_t number = 0;
    for (const auto& object : objects) {
        const auto context = context_for(**leg, object);
        if (!context) {
            answers.push_back(std::nullopt);
            continue;
        }
        (*leg)->association().set_read_deadline(call.patience);
        const auto status = co_await store_one(**leg, *context, object, MessageId{++number});
        if (!status) co_return status.error();
        answers.push_back(*status);
    }
    co_await (*leg)->association().release();
    co_return Result<void>();
}

}  // namespace portcullis::scu
