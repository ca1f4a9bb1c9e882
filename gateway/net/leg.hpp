#pragma once
// One side of a session: an established association, what was agreed on it, and the messages that go out on
// it, one at a time.

#include <map>
#include <memory>
#include <optional>

#include "gateway/dimse/command.hpp"
#include "gateway/net/association.hpp"
#include "gateway/net/turn.hpp"
#include "gateway/ul/negotiate.hpp"
#include "gateway/ul/pdv.hpp"

namespace portcullis::net {

class Leg;

/// A message on its way out. Holds the leg's turn until it is destroyed; what is not finished then leaves the
/// peer with an incomplete message, so the association must be aborted.
class Outgoing {
  public:
    Outgoing(Leg& leg, Turnstile::Turn turn, ContextId context);

    /// Where the data set is written. Bytes gather until drain() or flush().
    ByteSink& data() { return data_; }
    /// Sends what has gathered if it is worth a write.
    Awaitable<Result<void>> drain();
    /// Sends everything but the last fragment.
    Awaitable<Result<void>> flush();
    /// Sends the rest, with the end flag: the message is complete.
    Awaitable<Result<void>> finish();
    std::uint64_t bytes() const { return data_.bytes_written(); }

  private:
    Leg& leg_;
    Turnstile::Turn turn_;
    ul::Fragmenter data_;
};

class Leg {
  public:
    using Contexts = std::map<ContextId, ul::AgreedContext>;

    /// `cap`: bytes of a P-DATA-TF's variable field that we send at most. Errors: as ul::agreed_contexts, and
    /// ul::errc::invalid_value if the peer's maximum length admits no data.
    static Result<std::shared_ptr<Leg>> make(std::shared_ptr<Association> association, std::uint32_t cap);
    Leg(std::shared_ptr<Association> association, Contexts contexts, std::uint32_t cap);

    Association& association() { return *association_; }
    const ul::AgreedContext* context(ContextId id) const;
    const Contexts& contexts() const { return contexts_; }
    /// A context in which this was agreed: `preferred`, if it is one.
    std::optional<ContextId> context_for(const ul::AgreedContext& agreed, ContextId preferred) const;

    /// Sends a whole message. A data set goes with it exactly if the command says so.
    Awaitable<Result<void>> send(ContextId context, dimse::Command command, Bytes data_set = {});
    /// Begins a message with a data set.
    Awaitable<Outgoing> begin(ContextId context, dimse::Command command);
    /// Asks for the release when what is being sent is sent; the pump hears of its end.
    Awaitable<void> request_release();
    /// On a leg that nobody else reads: the response to this request. Errors: errc, ul::errc.
    Awaitable<Result<dimse::Command>> await_response(MessageId id);

  private:
    friend class Outgoing;
    void write_command(ContextId context, const dimse::Command& command);
    Awaitable<Result<void>> flush();

    std::shared_ptr<Association> association_;
    Contexts contexts_;
    std::uint32_t cap_;
    Turnstile turnstile_;
    ul::Assembler assembler_;  // of await_response
    Bytes out_;
};

}  // namespace portcullis::net
