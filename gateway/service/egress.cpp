#include "gateway/service/egress.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateway/base/first_common.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/net/error.hpp"
#include "gateway/service/commitment.hpp"
#include "gateway/service/egress_store.hpp"
#include "gateway/service/offers.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/ul/error.hpp"
#include "gateway/ul/negotiate.hpp"

namespace portcullis::service {

namespace {

constexpr std::string_view verification = "1.2.840.10008.1.1";

/// Those of the registry that we can carry.
std::vector<Uid> carried(const std::vector<std::string>& transfer_syntaxes) {
    std::vector<Uid> uids;
    for (const auto& text : transfer_syntaxes) {
        const auto syntax = Uid::parse(text);
        if (syntax && image::carried_transfer_syntax(*syntax)) uids.push_back(*syntax);
    }
    return uids;
}

/// What every node knows (PS3.5 10.1), since nothing is translated.
std::optional<Uid> plainest_for_scanners(const std::vector<Uid>& offered) {
    const auto implicit = first_common({image::uncompressed_syntaxes().back()}, offered);
    return implicit ? implicit : image::plainest_of(offered);
}

net::Awaitable<void> release_alone(std::shared_ptr<Leg> leg) {
    co_await leg->association().release();
}

/// Of a request that brings no object: an archive may ask whether its move destination is there.
std::uint16_t status_for(dimse::CommandField field) {
    if (field == dimse::CommandField::c_echo_rq) return dimse::status::success;
    return field == dimse::CommandField::c_store_rq ? dimse::status::cannot_understand
                                                    : dimse::status::unrecognized_operation;
}

}  // namespace

EgressSession::EgressSession(Services& services, const Archive& archive,
                             std::shared_ptr<net::Association> association, IpAddress address)
    : services_(services),
      archive_(archive),
      association_(std::move(association)),
      pushes_(services, archive, *association_, address) {}

net::Awaitable<void> EgressSession::serve() {
    if (!co_await association_->accept(answer())) co_return;
    auto leg = Leg::make(association_, services_.settings.limits.pdu);
    if (!leg) {
        co_await association_->abort({2, ul::abort_reason(leg.error())});
        co_return;
    }
    leg_ = std::move(*leg);
    association_->set_read_deadline(services_.settings.limits.idle);
    bool in_message = false;
    const auto ended = co_await pump(*leg_, *this, in_message);
    for (const auto& [id, destination] : destinations_) {
        if (!destination.leg) continue;
        if (in_message) {
            co_await destination.leg->association().abort({0, 0});
        } else {
            co_await destination.leg->association().release();
        }
    }
    if (ended) {
        co_await association_->confirm_release();
    } else {
        co_await association_->abort({2, ul::abort_reason(ended.error())});
    }
}

/// Whether it calls the gateway as a move destination, and not a scanner.
bool EgressSession::delivers() const {
    const auto& titles = archive_.move_titles;
    return std::find(titles.begin(), titles.end(), called()) != titles.end();
}

/// An archive that reports may be the one that offers the service (PS3.7 D.3.3.4).
ul::AssociateAc EgressSession::answer() const {
    const auto studies = services_.traffic.at(archive_.name).moves.studies(called());
    const bool brings_objects = delivers() || services_.access.get()->receiver_called(called());
    auto answer = ul::accept(proposal(), services_.identity(), [&](const ul::ProposedContext& context) {
        if (is_commitment_class(context.abstract_syntax))
            return plainest_for_scanners(context.transfer_syntaxes);
        return brings_objects || context.abstract_syntax.str() == verification ? choose(context, studies)
                                                                               : std::nullopt;
    });
    for (const auto& role : proposal().user.roles)
        if (is_commitment_class(role.sop_class))
            answer.user.roles.push_back({role.sop_class, false, role.scp});
    return answer;
}

/// Where the registry knows in which transfer syntaxes such objects lie in the archive, those and no others,
/// if the archive offers them at all: some archives take the first context that was accepted for a SOP class,
/// whether the object suits it or not. A study that the registry does not know may be one that the archive
/// reconciled; where only registered objects pass, what is registered of the class counts. What lies there
/// native the archive may have compressed since: such contexts, too, if they come behind, where no archive
/// that takes the first one finds them.
std::optional<Uid> EgressSession::choose(const ul::ProposedContext& context,
                                         const std::vector<Uid>& studies) const {
    auto stored = services_.registry.transfer_syntaxes(context.abstract_syntax, studies);
    if (stored.empty() && !services_.access.get()->pass_unregistered)
        stored = services_.registry.transfer_syntaxes(context.abstract_syntax, {});
    const auto preferred = carried(stored);
    const auto& offered = context.transfer_syntaxes;
    const auto* as_stored = ul::find_proposal(proposal(), context.abstract_syntax, preferred);
    if (as_stored == nullptr) return image::plainest_of(offered);
    const auto first = first_common(preferred, offered);
    return first || context.id < as_stored->id || !has_native(stored)
               ? first
               : first_common(offered, image::lossless_syntaxes());
}

Result<void> EgressSession::progressed() {
    association_->set_read_deadline(services_.settings.limits.idle);
    return {};
}

net::Awaitable<Result<std::unique_ptr<Inflow>>> EgressSession::command(ContextId context,
                                                                       dimse::Command command) {
    if (command.is_response() || command.field() == dimse::CommandField::c_cancel_rq) co_return nullptr;
    release_finished();
    if (is_commitment_result(command) && is_commitment_class(agreed(context).abstract_syntax))
        co_return std::make_unique<ArrivingResult>(*this, context, std::move(command));
    if (command.field() == dimse::CommandField::c_store_rq && command.has_data_set() &&
        command.sop_instance() && command.sop_class()) {
        auto belongs_to = candidates(command);
        const auto transfer_syntax = leg_->context(context)->transfer_syntax;
        auto delivery = std::make_unique<Delivery>(services_, archive_, std::move(command), transfer_syntax,
                                                   std::move(belongs_to));
        co_return std::make_unique<EgressStore>(*this, context, std::move(delivery));
    }
    const auto response = dimse::response_to(command, status_for(command.field()));
    const auto sent = co_await respond(context, response);
    if (!sent) co_return sent.error();
    co_return nullptr;
}

/// By a move title what a C-MOVE asked for, by a peer's what nobody did.
std::vector<std::shared_ptr<Retrieval>> EgressSession::candidates(const dimse::Command& request) {
    if (!delivers()) return pushes_.of(request);
    std::optional<MessageId> originator;
    if (const auto id = request.number(dimse::Element::move_originator_message_id))
        originator = MessageId{*id};
    return services_.traffic.at(archive_.name).moves.candidates(called(), originator);
}

/// The destination may take its time; the archive, which waits for it, is not to be blamed for its silence.
void EgressSession::delivering() {
    association_->set_read_deadline(std::nullopt);
}

net::Awaitable<Result<void>> EgressSession::respond(ContextId context, dimse::Command response) {
    co_return co_await leg_->send(context, std::move(response));
}

/// The destination sees what it would have seen without the gateway: the archive's own title, and the
/// contexts that it offers; and, for what the archive sends compressed, what it was before.
ul::AssociateRq EgressSession::proposal_for(const Retrieval& retrieval) const {
    const auto& from_archive = proposal();
    ul::AssociateRq to_destination{1,
                                   retrieval.request().destination,
                                   from_archive.calling,
                                   std::string(ul::application_context_name),
                                   {},
                                   {},
                                   {}};
    for (const auto& context : from_archive.contexts) {
        if (const auto* agreed = leg_->context(context.id)) {
            to_destination.contexts.push_back(
                {context.id, agreed->abstract_syntax, {agreed->transfer_syntax}});
        }
    }
    offer_native(to_destination);
    if (retrieval.request().endpoint->transcode) offer_uncompressed(to_destination);
    const auto own = services_.identity();
    to_destination.user.maximum_length = own.maximum_length;
    to_destination.user.implementation_class_uid = own.implementation_class_uid;
    to_destination.user.implementation_version_name = own.implementation_version_name;
    return to_destination;
}

net::Awaitable<Result<std::shared_ptr<Leg>>> EgressSession::destination(
    const std::shared_ptr<Retrieval>& retrieval) {
    auto& known = destinations_[retrieval.get()];
    known.retrieval = retrieval;
    if (known.given_up) co_return known.given_up;
    if (known.leg && known.leg->association().usable()) co_return known.leg;
    known.leg = nullptr;
    const auto& endpoint = *retrieval->request().endpoint;
    const auto& peer = retrieval->request().peer;
    auto association = co_await net::Association::request(
        endpoint.host, endpoint.port, proposal_for(*retrieval), services_.timeouts(),
        services_.decode_limits(), nullptr, retrieval->request().tls);
    if (!association) {
        note_if_tls(services_, "destination", peer, association.error());
        give_up_destination(*retrieval, association.error());
        co_return association.error();
    }
    auto leg = Leg::make(std::move(*association), services_.settings.limits.pdu);
    if (!leg) co_return leg.error();
    destinations_[retrieval.get()].leg = *leg;
    co_return *leg;
}

net::Awaitable<void> EgressSession::abort_destination(const Retrieval& retrieval) {
    const auto known = destinations_.find(&retrieval);
    if (known == destinations_.end()) co_return;
    const auto leg = std::exchange(known->second.leg, nullptr);
    if (leg) co_await leg->association().abort({0, 0});
}

void EgressSession::release(std::shared_ptr<Leg> leg) {
    boost::asio::co_spawn(association_->executor(), release_alone(std::move(leg)), boost::asio::detached);
}

void EgressSession::give_up_destination(const Retrieval& retrieval, ErrorCode why) {
    const auto known = destinations_.find(&retrieval);
    if (known != destinations_.end()) known->second.given_up = why;
}

/// An archive may use one association for many moves: the destinations of those that ended are released.
void EgressSession::release_finished() {
    for (auto known = destinations_.begin(); known != destinations_.end();) {
        if (!known->second.retrieval->ended()) {
            ++known;
            continue;
        }
        if (known->second.leg) release(known->second.leg);
        known = destinations_.erase(known);
    }
}

}  // namespace portcullis::service
