#include "gateway/scu/request.hpp"

#include "gateway/dimse/status.hpp"
#include "gateway/net/error.hpp"

namespace portcullis::scu {

namespace {

constexpr auto study_root_find = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr auto study_root_move = "1.2.840.10008.5.1.4.1.2.2.2";
constexpr auto study_root_get = "1.2.840.10008.5.1.4.1.2.2.3";
constexpr auto implicit_little_endian = "1.2.840.10008.1.2";

const auto request_id = MessageId{1};  // the only one of its association

ContextId request_context() {
    return *ContextId::parse(1);
}

dimse::Command request_of(dimse::CommandField field, std::string_view model) {
    dimse::Command request(field);
    request.set(dimse::Element::affected_sop_class_uid, model);
    request.set(dimse::Element::message_id, static_cast<std::uint16_t>(request_id));
    request.set(dimse::Element::priority, std::uint16_t{0});
    request.set(dimse::Element::command_data_set_type, std::uint16_t{0});
    return request;
}

std::vector<ul::ProposedContext> model_context(std::string_view model) {
    return {{request_context(), *Uid::parse(model), {*Uid::parse(implicit_little_endian)}}};
}

Answer answer_of(const dimse::Command& response) {
    const auto count = [&](dimse::Element element) { return response.number(element).value_or(0); };
    return {response.status(), count(dimse::Element::number_of_completed_suboperations),
            count(dimse::Element::number_of_failed_suboperations),
            count(dimse::Element::number_of_warning_suboperations),
            response.text(dimse::Element::error_comment).value_or(std::string())};
}

/// Asks, and takes what comes until the final response and the release after it.
net::Awaitable<Result<Answer>> ask(net::Leg& leg, dimse::Command request, Bytes identifier,
                                   Receiver* receiver, net::Clock::duration patience,
                                   const OnMatch& on_match) {
    if (!leg.context(request_context())) {
        co_await leg.association().release();
        co_return ErrorCode(net::errc::rejected);
    }
    std::optional<Answer> answer;
    Conversation conversation(leg, receiver, patience);
    OnResponse on_response = [&](const dimse::Command& response, ByteView match) {
        if (!dimse::status::is_pending(response.status())) answer = answer_of(response);
        if (!dimse::status::is_pending(response.status()) || match.empty() || !on_match) return;
        if (const auto keys = read_identifier(match)) on_match(*keys);
    };
    conversation.expect(request_id, std::move(on_response));
    const auto sent = co_await leg.send(request_context(), std::move(request), std::move(identifier));
    if (!sent) co_return sent.error();
    bool in_message = false;
    const auto ended = co_await net::pump(leg, conversation, in_message);
    if (answer) co_return *answer;
    if (ended)
        co_await leg.association().confirm_release();
    else
        co_await leg.association().abort({0, 0});
    co_return ended ? ErrorCode(net::errc::closed) : ended.error();
}

}  // namespace

net::Awaitable<Result<Answer>> find(const Call& call, Open& open, const Keys& keys, const OnMatch& on_match,
                                    ul::AssociateRj* rejection) {
    const auto leg = co_await associate(call, open, model_context(study_root_find), {}, rejection);
    if (!leg) co_return leg.error();
    auto request = request_of(dimse::CommandField::c_find_rq, study_root_find);
    co_return co_await ask(**leg, std::move(request), write_identifier(keys), nullptr, call.patience,
                           on_match);
}

net::Awaitable<Result<Answer>> move(const Call& call, Open& open, const Keys& keys,
                                    const AeTitle& destination, ul::AssociateRj* rejection) {
    const auto leg = co_await associate(call, open, model_context(study_root_move), {}, rejection);
    if (!leg) co_return leg.error();
    auto request = request_of(dimse::CommandField::c_move_rq, study_root_move);
    request.set(dimse::Element::move_destination, destination.str());
    const OnMatch nobody;
    co_return co_await ask(**leg, std::move(request), write_identifier(keys), nullptr, call.patience, nobody);
}

net::Awaitable<Result<Answer>> get(const Call& call, Open& open, const Keys& keys, Receiver& receiver,
                                   const std::vector<Uid>& sop_classes, ul::AssociateRj* rejection) {
    auto contexts = model_context(study_root_get);
    std::vector<ul::RoleSelection> roles;
    for (const auto& sop_class : sop_classes) {
        const auto first_id = 1 + 2 * static_cast<unsigned>(contexts.size());
        for (auto& context : contexts_of(receiver.choice(), sop_class, first_id))
            contexts.push_back(std::move(context));
        roles.push_back({sop_class, false, true});  // PS3.7 D.3.3.4: we take the objects, as SCP
    }
    const auto leg = co_await associate(call, open, std::move(contexts), std::move(roles), rejection);
    if (!leg) co_return leg.error();
    auto request = request_of(dimse::CommandField::c_get_rq, study_root_get);
    const OnMatch nobody;
    co_return co_await ask(**leg, std::move(request), write_identifier(keys), &receiver, call.patience,
                           nobody);
}

}  // namespace portcullis::scu
