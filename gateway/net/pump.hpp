#pragma once
// Reads an association message by message and hands each to whoever knows what to do with it.

#include <memory>

#include "gateway/dimse/command.hpp"
#include "gateway/net/leg.hpp"

namespace portcullis::net {

/// What becomes of the data set of one message. An error ends the association.
class Inflow {
  public:
    virtual ~Inflow() = default;
    virtual Awaitable<Result<void>> data(ByteView fragment) = 0;
    /// The message is complete. Called for a message without data set, too.
    virtual Awaitable<Result<void>> end() = 0;
};

class MessageHandler {
  public:
    virtual ~MessageHandler() = default;
    /// A command set has arrived on a context that was agreed; nullptr: the message needs nothing more, and a
    /// data set is dropped.
    virtual Awaitable<Result<std::unique_ptr<Inflow>>> command(ContextId context, dimse::Command command) = 0;
    /// After each PDU: deadlines may depend on what is in flight. An error ends the association.
    virtual Result<void> progressed() = 0;
};

/// Runs until the association ends. True: the peer asks for the release, or granted ours. Errors: errc,
/// ul::errc, dimse::errc (the caller aborts), or what the handler said.
Awaitable<Result<void>> pump(Leg& leg, MessageHandler& handler, bool& in_message);

}  // namespace portcullis::net
