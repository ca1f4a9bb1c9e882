#pragma once
// What the archive says on an association: the responses to what we asked, and the objects that it sends.

#include <functional>
#include <optional>

#include "gateway/net/pump.hpp"
#include "gateway/scu/receiver.hpp"

namespace portcullis::scu {

/// A response with its Identifier, which is empty if it has none.
using OnResponse = std::function<void(const dimse::Command&, ByteView identifier)>;

class Conversation final : public net::MessageHandler {
  public:
    /// `receiver`: nullptr if objects are not taken; `patience`: for the peer's next message.
    Conversation(net::Leg& leg, Receiver* receiver, net::Clock::duration patience)
        : leg_(leg), receiver_(receiver), patience_(patience) {}

    /// Responses to this request go there; after the final one the release is asked for.
    void expect(MessageId id, OnResponse on_response);

    net::Awaitable<Result<std::unique_ptr<net::Inflow>>> command(ContextId, dimse::Command) override;
    Result<void> progressed() override;

  private:
    class Response;
    class Object;

    net::Awaitable<Result<void>> take(const dimse::Command& response, ByteView identifier);
    net::Awaitable<Result<std::unique_ptr<net::Inflow>>> refuse(ContextId, const dimse::Command&,
                                                                std::uint16_t status);

    net::Leg& leg_;
    Receiver* const receiver_;
    const net::Clock::duration patience_;
    std::optional<MessageId> expected_;
    OnResponse on_response_;
};

}  // namespace portcullis::scu
