#include "gateway/service/get_store.hpp"

#include <boost/asio/this_coro.hpp>

#include "gateway/dimse/status.hpp"

namespace portcullis::service {

namespace status = dimse::status;

GetStore::GetStore(IngressSession& session, Leg& archive, ContextId context,
                   std::shared_ptr<Delivery> delivery)
    : session_(session), archive_(archive), context_(context), delivery_(std::move(delivery)) {}

net::Awaitable<Result<void>> GetStore::data(ByteView fragment) {
    delivery_->take(fragment);
    co_return Result<void>();
}

net::Awaitable<Result<void>> GetStore::end() {
    co_await delivery_->finish();
    if (delivery_->withheld()) co_return co_await refuse();
    co_return co_await hand_over();
}

net::Awaitable<Result<void>> GetStore::hand_over() {
    BeingWritten intent(co_await boost::asio::this_coro::executor, session_.services().journal,
                        delivery_->intent());
    const ul::AgreedContext wanted{archive_.context(context_)->abstract_syntax, delivery_->written_in()};
    const auto context = session_.scanner().context_for(wanted, context_);
    if (!context) {
        delivery_->withhold(Withheld::unreachable("does not accept this SOP class in this transfer syntax"));
        co_return co_await refuse();
    }
    if (!delivery_->leave()) co_return co_await refuse();
    session_.asked().insert_or_assign(delivery_->request().message_id(), Asked{context_, delivery_});
    auto outgoing = co_await session_.scanner().begin(*context, delivery_->request());
    auto sent = co_await send_held(outgoing);
    if (sent) sent = co_await await_intent(intent);
    if (sent) sent = co_await outgoing.finish();
    // The viewer has a part: nothing else may follow it.
    if (!sent) co_await session_.scanner().association().abort({0, 0});
    co_return sent;
}

/// Everything but the last fragment, which travels while the disk works.
net::Awaitable<Result<void>> GetStore::send_held(net::Outgoing& outgoing) {
    for (;;) {
        const auto piece = delivery_->held().next();
        if (!piece) co_return piece.error();
        if (piece->empty()) co_return co_await outgoing.flush();
        outgoing.data().write(*piece);
        const auto sent = co_await outgoing.drain();
        if (!sent) co_return sent.error();
    }
}

net::Awaitable<Result<void>> GetStore::await_intent(BeingWritten& intent) {
    const auto failed = co_await intent.outcome();
    if (!failed) co_return Result<void>();
    delivery_->withhold(Withheld::full("journal", failed));
    delivery_->refused(false);
    co_return failed;
}

net::Awaitable<Result<void>> GetStore::refuse() {
    const bool resume = session_.archive().on_refused == OnRefused::resume;
    const auto code = delivery_->refused(resume);
    co_return co_await archive_.send(context_, dimse::response_to(delivery_->request(), code));
}

}  // namespace portcullis::service
