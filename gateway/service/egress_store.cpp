#include "gateway/service/egress_store.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/net/error.hpp"

namespace portcullis::service {

namespace status = dimse::status;

EgressStore::EgressStore(EgressSession& session, ContextId context, std::unique_ptr<Delivery> delivery)
    : session_(session), context_(context), delivery_(std::move(delivery)) {}

net::Awaitable<Result<void>> EgressStore::data(ByteView fragment) {
    while (!fragment.empty()) {
        const auto bytes = fragment.first(std::min(fragment.size(), delivery_->at_once()));
        fragment = fragment.subspan(bytes.size());
        co_await take(bytes);
    }
    co_return Result<void>();
}

net::Awaitable<void> EgressStore::take(ByteView bytes) {
    delivery_->take(bytes);
    if (outgoing_) {
        if (delivery_->withheld()) {
            co_await give_up(*delivery_->withheld());
        } else if (const auto sent = co_await outgoing_->drain(); !sent) {
            co_await unreachable(sent.error());
        }
    } else if (!waits_ && delivery_->may_stream()) {
        waits_ = (co_await taken_instead()).has_value();
        if (!waits_ && co_await begin_sending() && co_await send_held())
            delivery_->stream_to(outgoing_->data());
    }
}

net::Awaitable<Result<void>> EgressStore::end() {
    session_.delivering();
    co_await delivery_->finish();
    auto answer = co_await deliver();
    if (!answer) co_return co_await refuse();
    delivery_->answered(answer->status());
    answer->set(dimse::Element::message_id_being_responded_to,
                static_cast<std::uint16_t>(delivery_->request().message_id()));
    co_return co_await session_.respond(context_, std::move(*answer));
}

/// The destination's response, or nothing if the object is withheld.
net::Awaitable<std::optional<dimse::Command>> EgressStore::deliver() {
    if (delivery_->withheld()) {
        if (outgoing_) co_await give_up(*delivery_->withheld());
        co_return std::nullopt;
    }
    // Everything but the last fragment travels while the disk works.
    BeingWritten intent(co_await boost::asio::this_coro::executor, session_.services().journal,
                        delivery_->intent());
    if (!outgoing_ && !(co_await transcode() && co_await begin_sending() && co_await send_held()))
        co_return std::nullopt;
    auto sent = co_await outgoing_->flush();
    if (const auto failed = co_await intent.outcome()) {
        co_await give_up(Withheld::full("journal", failed));
        co_return std::nullopt;
    }
    if (sent) sent = co_await outgoing_->finish();
    outgoing_.reset();
    if (!sent) {
        co_await unreachable(sent.error());
        co_return std::nullopt;
    }
    destination_->association().set_read_deadline(session_.services().settings.limits.response);
    auto answer = co_await destination_->await_response(delivery_->request().message_id());
    if (!answer) {
        co_await unreachable(answer.error());
        co_return std::nullopt;
    }
    destination_->association().set_read_deadline(std::nullopt);
    co_return std::move(*answer);
}

/// The uncompressed transfer syntax that the destination takes, where it does not take that of the object and
/// is configured so. Nothing, too, if it cannot be reached: begin_sending() says why.
net::Awaitable<std::optional<Uid>> EgressStore::taken_instead() {
    const auto& retrieval = delivery_->retrieval();
    if (!retrieval->request().endpoint->transcode || !delivery_->may_be_transcoded()) co_return std::nullopt;
    const auto leg = co_await session_.destination(retrieval);
    if (!leg) co_return std::nullopt;
    const auto takes = [&](const Uid& syntax) {
        const ul::AgreedContext wanted{session_.agreed(context_).abstract_syntax, syntax};
        return (*leg)->context_for(wanted, context_).has_value();
    };
    if (takes(delivery_->written_in())) co_return std::nullopt;
    const auto& uncompressed = image::uncompressed_syntaxes();
    const auto found = std::find_if(uncompressed.begin(), uncompressed.end(), takes);
    co_return found == uncompressed.end() ? std::nullopt : std::optional(*found);
}

/// Only now that it is complete, and verified.
net::Awaitable<bool> EgressStore::transcode() {
    const auto syntax = co_await taken_instead();
    if (syntax) co_await delivery_->transcode(*syntax);
    co_return !delivery_->withheld();
}

/// Opens the destination and begins the message: the archive's own C-STORE-RQ, as if the viewer had moved
/// from the archive itself, or the archive had called the destination.
net::Awaitable<bool> EgressStore::begin_sending() {
    const auto& retrieval = *delivery_->retrieval();
    auto leg = co_await session_.destination(delivery_->retrieval());
    if (!leg) {
        co_await unreachable(leg.error());
        co_return false;
    }
    const ul::AgreedContext wanted{session_.agreed(context_).abstract_syntax, delivery_->written_in()};
    const auto context = (*leg)->context_for(wanted, context_);
    if (!context) {
        delivery_->withhold(Withheld::unreachable("does not accept this SOP class in this transfer syntax"));
        co_return false;
    }
    if (!delivery_->leave()) co_return false;
    destination_ = std::move(*leg);
    auto request = delivery_->request();
    if (!retrieval.is_push()) {
        request.set(dimse::Element::move_originator_ae_title, retrieval.request().viewer.str());
        request.set(dimse::Element::move_originator_message_id,
                    static_cast<std::uint16_t>(retrieval.request().viewer_message));
    }
    auto outgoing = co_await destination_->begin(*context, std::move(request));
    outgoing_.emplace(std::move(outgoing));
    co_return true;
}

net::Awaitable<bool> EgressStore::send_held() {
    for (;;) {
        const auto piece = delivery_->held().next();
        if (!piece) {
            co_await give_up(Withheld::full("spool", piece.error()));
            co_return false;
        }
        if (piece->empty()) co_return true;
        outgoing_->data().write(*piece);
        if (const auto sent = co_await outgoing_->drain(); !sent) {
            co_await unreachable(sent.error());
            co_return false;
        }
    }
}

/// The destination has a part: its association ends, so that it never becomes an object.
net::Awaitable<void> EgressStore::give_up(Withheld why) {
    delivery_->withhold(std::move(why));
    outgoing_.reset();
    co_await session_.abort_destination(*delivery_->retrieval());
}

/// Its association is not used again, and one that kept us waiting is not called again.
net::Awaitable<void> EgressStore::unreachable(ErrorCode error) {
    if (error == net::errc::timed_out) session_.give_up_destination(*delivery_->retrieval(), error);
    co_await give_up(Withheld::unreachable(error));
}

/// Tells the archive in a way that lets it go on with the next object, if it is known to stop otherwise; the
/// viewer's own counts say that this one failed. Of a push nobody but the archive could say so.
net::Awaitable<Result<void>> EgressStore::refuse() {
    const auto code = delivery_->refused(session_.archive().on_refused == OnRefused::resume);
    co_return co_await session_.respond(context_, dimse::response_to(delivery_->request(), code));
}

}  // namespace portcullis::service
