#pragma once
#include "gateway/service/ingress.hpp"

namespace portcullis::service {

/// What arrives from the archive on the association that the gateway opened for a scanner: responses, under
/// the scanner's own message ids, the objects of a C-GET, and requests such as N-EVENT-REPORT.
class FromArchive final : public MessageHandler {
  public:
    FromArchive(IngressSession& session, Leg& leg) : session_(session), leg_(leg) {}

    net::Awaitable<Result<std::unique_ptr<Inflow>>> command(ContextId context,
                                                            dimse::Command command) override;
    Result<void> progressed() override { return session_.progressed(); }

  private:
    net::Awaitable<Result<std::unique_ptr<Inflow>>> response(ContextId context, dimse::Command response);
    net::Awaitable<Result<std::unique_ptr<Inflow>>> relay(ContextId context, dimse::Command command);
    net::Awaitable<Result<std::unique_ptr<Inflow>>> object(ContextId context, dimse::Command request);

    IngressSession& session_;
    Leg& leg_;
};

}  // namespace portcullis::service
