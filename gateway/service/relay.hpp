#pragma once
#include "gateway/service/ingress.hpp"

namespace portcullis::service {

/// A message that goes on as bytes.
class RelayedMessage final : public Inflow {
  public:
    /// Sends the command; nullptr if no data set follows.
    static net::Awaitable<Result<std::unique_ptr<Inflow>>> begin(std::shared_ptr<Leg> to, ContextId context,
                                                                 dimse::Command command);

    RelayedMessage(std::shared_ptr<Leg> to, Outgoing outgoing)
        : to_(std::move(to)), outgoing_(std::move(outgoing)) {}
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    std::shared_ptr<Leg> to_;
    Outgoing outgoing_;
};

/// A request that the gateway answers itself: its data set is drained first, since a sender that is not read
/// from hangs.
class RefusedRequest final : public Inflow {
  public:
    RefusedRequest(IngressSession& session, ContextId context, dimse::Command request, std::uint16_t status,
                   std::string reason, std::string rule);
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    IngressSession& session_;
    ContextId context_;
    dimse::Command request_;
    std::uint16_t status_;
    std::string reason_;
    std::string rule_;
};

}  // namespace portcullis::service
