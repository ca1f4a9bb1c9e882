#pragma once
#include "gateway/service/egress.hpp"

namespace portcullis::service {

/// A C-STORE by which an archive delivers one object of a C-MOVE, or pushes one. The archive hears the status
/// of the real destination, after that has answered.
class EgressStore final : public Inflow {
  public:
    EgressStore(EgressSession& session, ContextId context, std::unique_ptr<Delivery> delivery);

    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    net::Awaitable<void> take(ByteView bytes);
    net::Awaitable<std::optional<Uid>> taken_instead();
    net::Awaitable<bool> transcode();
    net::Awaitable<bool> begin_sending();
    net::Awaitable<bool> send_held();
    net::Awaitable<void> give_up(Withheld why);
    net::Awaitable<std::optional<dimse::Command>> deliver();
    net::Awaitable<Result<void>> refuse();
    net::Awaitable<void> unreachable(ErrorCode error);

    EgressSession& session_;
    ContextId context_;
    std::unique_ptr<Delivery> delivery_;
    std::shared_ptr<Leg> destination_;
    bool waits_ = false;  // until it is complete, since it will be transcoded
    std::optional<Outgoing> outgoing_;
};

}  // namespace portcullis::service
