#pragma once
#include "gateway/service/ingress.hpp"

namespace portcullis::service {

/// What arrives from the scanner or viewer: requests for the archive, each judged by the policy first, and
/// responses to what the archive asked.
class FromScanner final : public MessageHandler {
  public:
    explicit FromScanner(IngressSession& session) : session_(session) {}

    net::Awaitable<Result<std::unique_ptr<Inflow>>> command(ContextId context,
                                                            dimse::Command command) override;
    Result<void> progressed() override { return session_.progressed(); }

  private:
    net::Awaitable<Result<std::unique_ptr<Inflow>>> request(ContextId context, dimse::Command request);
    net::Awaitable<Result<std::unique_ptr<Inflow>>> observe(ContextId context, dimse::Command request);
    net::Awaitable<Result<std::unique_ptr<Inflow>>> store(ContextId context, dimse::Command request);
    net::Awaitable<Result<std::unique_ptr<Inflow>>> relay(ContextId context, dimse::Command request,
                                                          std::string rule);
    net::Awaitable<Result<std::unique_ptr<Inflow>>> response(dimse::Command response);
    net::Awaitable<Result<std::unique_ptr<Inflow>>> cancel(ContextId context, dimse::Command request);

    IngressSession& session_;
};

}  // namespace portcullis::service
