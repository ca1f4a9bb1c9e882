#include "gateway/ul/negotiate.hpp"

#include <algorithm>

#include "gateway/base/first_common.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::ul {

namespace {

// An OID of the UUID form (PS3.5 B.2), made once for this implementation.
constexpr auto implementation_class_uid = "2.25.186542310743619884329118742095560071332";
constexpr auto implementation_version_name = "PORTCULLIS_010";

void put_identity(UserInformation& user, const Identity& own) {
    user.maximum_length = own.maximum_length;
    user.maximum_length_present = true;
    user.implementation_class_uid = own.implementation_class_uid;
    user.implementation_version_name = own.implementation_version_name;
}

bool proposes(const std::vector<ProposedContext>& contexts, const Uid& abstract_syntax) {
    return std::any_of(contexts.begin(), contexts.end(), [&](const ProposedContext& context) {
        return context.abstract_syntax == abstract_syntax;
    });
}

template <class Context>
const Context* find_context(const std::vector<Context>& contexts, ContextId id) {
    const auto found = std::find_if(contexts.begin(), contexts.end(),
                                    [&](const Context& context) { return context.id == id; });
    return found == contexts.end() ? nullptr : &*found;
}

template <class Item>
const Item* find_item(const std::vector<Item>& items, const Uid& sop_class) {
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.sop_class == sop_class; });
    return found == items.end() ? nullptr : &*found;
}

/// What was said of classes that the gateway left out is left out with them.
void drop_items_of_dropped_classes(AssociateRq& request, const std::vector<ProposedContext>& proposed) {
    const auto dropped = [&](const auto& item) {
        return proposes(proposed, item.sop_class) && !proposes(request.contexts, item.sop_class);
    };
    std::erase_if(request.user.roles, dropped);
    std::erase_if(request.user.extended, dropped);
    std::erase_if(request.user.common_extended, dropped);
}

/// PS3.8 9.3.3.2 asks for a transfer syntax also where the context is rejected; the value is not significant.
NegotiatedContext rejected(const ProposedContext& proposed, ContextResult result) {
    const auto& offered = proposed.transfer_syntaxes;
    return {proposed.id, result, offered.empty() ? std::string() : offered.front().str()};
}

NegotiatedContext mirror_context(const ProposedContext& proposed, const NegotiatedContext* answered) {
    if (answered == nullptr) return rejected(proposed, ContextResult::transfer_syntaxes_not_supported);
    if (answered->result != ContextResult::acceptance) return rejected(proposed, answered->result);
    return *answered;
}

/// An acceptor agrees to a role only where it was proposed (PS3.7 D.3.3.4).
std::vector<RoleSelection> mirror_roles(const UserInformation& asked, const UserInformation& answered) {
    std::vector<RoleSelection> roles;
    for (const auto& role : answered.roles) {
        const auto* proposed = find_item(asked.roles, role.sop_class);
        if (proposed == nullptr) continue;
        roles.push_back({role.sop_class, role.scu && proposed->scu, role.scp && proposed->scp});
    }
    return roles;
}

/// Unknown items are passed on only in answer to one of the same type.
std::vector<UnknownItem> mirror_unknown(const std::vector<UnknownItem>& asked,
                                        std::vector<UnknownItem> answered) {
    std::erase_if(answered, [&](const UnknownItem& item) {
        return std::none_of(asked.begin(), asked.end(),
                            [&](const UnknownItem& other) { return other.type == item.type; });
    });
    return answered;
}

/// Answers only what was asked: some devices drop the connection at an item that they did not propose.
UserInformation mirror_user(const UserInformation& asked, const UserInformation& answered) {
    UserInformation user;
    if (asked.asynchronous_operations_window)
        user.asynchronous_operations_window = answered.asynchronous_operations_window;
    user.roles = mirror_roles(asked, answered);
    for (const auto& extended : answered.extended)
        if (find_item(asked.extended, extended.sop_class) != nullptr) user.extended.push_back(extended);
    if (asked.user_identity_rq && asked.user_identity_rq->positive_response_requested)
        user.user_identity_ac = answered.user_identity_ac;
    user.unknown = mirror_unknown(asked.unknown, answered.unknown);
    return user;
}

AssociateAc answer_to(const AssociateRq& request) {
    AssociateAc answer;
    answer.called = request.called.padded();
    answer.calling = request.calling.padded();
    answer.application_context = request.application_context;
    return answer;
}

}  // namespace

Identity own_identity(std::uint32_t maximum_length) {
    return {implementation_class_uid, implementation_version_name, maximum_length};
}

AssociateRq mirror_request(const AssociateRq& from_scanner, const AeTitle& called, const AeTitle& calling,
                           const Identity& own, const CanCarry& can_carry) {
    AssociateRq request = from_scanner;
    request.called = called;
    request.calling = calling;
    for (auto& context : request.contexts)
        std::erase_if(context.transfer_syntaxes,
                      [&](const Uid& syntax) { return !can_carry(context.abstract_syntax, syntax); });
    std::erase_if(request.contexts,
                  [](const ProposedContext& context) { return context.transfer_syntaxes.empty(); });
    drop_items_of_dropped_classes(request, from_scanner.contexts);
    put_identity(request.user, own);
    return request;
}

AssociateAc mirror_answer(const AssociateRq& from_scanner, const AssociateAc& from_archive,
                          const Identity& own) {
    AssociateAc answer = answer_to(from_scanner);
    answer.protocol_version = from_archive.protocol_version;
    answer.application_context = from_archive.application_context;
    for (const auto& proposed : from_scanner.contexts)
        answer.contexts.push_back(mirror_context(proposed, find_context(from_archive.contexts, proposed.id)));
    answer.user = mirror_user(from_scanner.user, from_archive.user);
    put_identity(answer.user, own);
    answer.unknown = mirror_unknown(from_scanner.unknown, from_archive.unknown);
    return answer;
}

AssociateAc accept(const AssociateRq& request, const Identity& own, const ChooseTransferSyntax& choose) {
    AssociateAc answer = answer_to(request);
    for (const auto& context : request.contexts) {
        if (const auto chosen = choose(context))
            answer.contexts.push_back({context.id, ContextResult::acceptance, chosen->str()});
        else
            answer.contexts.push_back(rejected(context, ContextResult::transfer_syntaxes_not_supported));
    }
    put_identity(answer.user, own);
    return answer;
}

std::optional<std::string> confirmed_user(const AssociateRq& request, const AssociateAc& answer) {
    constexpr std::uint8_t user_name = 1, user_name_and_passcode = 2;
    const auto& said = request.user.user_identity_rq;
    if (!said || !answer.user.user_identity_ac) return std::nullopt;
    if (said->type != user_name && said->type != user_name_and_passcode) return std::nullopt;
    return std::string(said->primary.begin(), said->primary.end());
}

const ProposedContext* find_proposal(const AssociateRq& request, const Uid& abstract_syntax,
                                     const std::vector<Uid>& transfer_syntaxes) {
    const auto found =
        std::find_if(request.contexts.begin(), request.contexts.end(), [&](const ProposedContext& context) {
            return context.abstract_syntax == abstract_syntax &&
                   first_common(transfer_syntaxes, context.transfer_syntaxes).has_value();
        });
    return found == request.contexts.end() ? nullptr : &*found;
}

void offer(AssociateRq& request, const Uid& abstract_syntax, const Uid& transfer_syntax) {
    if (find_proposal(request, abstract_syntax, {transfer_syntax}) != nullptr) return;
    auto& contexts = request.contexts;
    const auto last = std::max_element(contexts.begin(), contexts.end(),
                                       [](const auto& one, const auto& other) { return one.id < other.id; });
    const unsigned after = last == contexts.end() ? 1 : last->id.value() + 2u;
    for (unsigned step = 0; step < 256; step += 2) {
        const auto id = ContextId::parse((after + step) % 256);
        if (!id || find_context(contexts, *id)) continue;
        contexts.push_back({*id, abstract_syntax, {transfer_syntax}});
        return;
    }
}

Result<std::vector<std::pair<ContextId, AgreedContext>>> agreed_contexts(const AssociateRq& request,
                                                                         const AssociateAc& answer) {
    std::vector<std::pair<ContextId, AgreedContext>> agreed;
    for (const auto& context : answer.contexts) {
        const auto* proposed = find_context(request.contexts, context.id);
        if (proposed == nullptr) return errc::invalid_value;
        if (context.result != ContextResult::acceptance) continue;
        const auto syntax = Uid::parse(context.transfer_syntax);
        const auto& offered = proposed->transfer_syntaxes;
        if (!syntax || std::find(offered.begin(), offered.end(), *syntax) == offered.end())
            return errc::invalid_value;
        agreed.push_back({context.id, AgreedContext{proposed->abstract_syntax, *syntax}});
    }
    return agreed;
}

}  // namespace portcullis::ul
