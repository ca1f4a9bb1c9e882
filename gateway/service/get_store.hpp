#pragma once
#include "gateway/service/delivery.hpp"
#include "gateway/service/ingress.hpp"

namespace portcullis::service {

/// A C-STORE by which the archive delivers one object of a C-GET, on the association of the request. Always
/// held until it is verified whole: an abort in the middle would end the viewer's association. Only a disk
/// that fails just then makes one.
class GetStore final : public Inflow {
  public:
    GetStore(IngressSession& session, Leg& archive, ContextId context, std::shared_ptr<Delivery> delivery);

    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    net::Awaitable<Result<void>> hand_over();
    net::Awaitable<Result<void>> send_held(net::Outgoing& outgoing);
    net::Awaitable<Result<void>> await_intent(BeingWritten& intent);
    net::Awaitable<Result<void>> refuse();

    IngressSession& session_;
    Leg& archive_;
    ContextId context_;
    std::shared_ptr<Delivery> delivery_;
};

}  // namespace portcullis::service
