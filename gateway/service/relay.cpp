#include "gateway/service/relay.hpp"

namespace portcullis::service {

net::Awaitable<Result<std::unique_ptr<Inflow>>> RelayedMessage::begin(std::shared_ptr<Leg> to,
                                                                      ContextId context,
                                                                      dimse::Command command) {
    if (!command.has_data_set()) {
        const auto sent = co_await to->send(context, std::move(command));
        if (!sent) co_return sent.error();
        co_return nullptr;
    }
    auto outgoing = co_await to->begin(context, std::move(command));
    co_return std::make_unique<RelayedMessage>(std::move(to), std::move(outgoing));
}

net::Awaitable<Result<void>> RelayedMessage::data(ByteView fragment) {
    outgoing_.data().write(fragment);
    co_return co_await outgoing_.drain();
}

net::Awaitable<Result<void>> RelayedMessage::end() {
    co_return co_await outgoing_.finish();
}

RefusedRequest::RefusedRequest(IngressSession& session, ContextId context, dimse::Command request,
                               std::uint16_t status, std::string reason, std::string rule)
    : session_(session),
      context_(context),
      request_(std::move(request)),
      status_(status),
      reason_(std::move(reason)),
      rule_(std::move(rule)) {}

net::Awaitable<Result<void>> RefusedRequest::data(ByteView) {
    co_return Result<void>();
}

net::Awaitable<Result<void>> RefusedRequest::end() {
    co_return co_await session_.refuse(context_, request_, status_, reason_, rule_);
}

}  // namespace portcullis::service
