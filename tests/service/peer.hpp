#pragma once
// One side of an association, as a script. What it is told to say is said in order, however long the other
// side takes; what it hears it hears at once, so that nobody who speaks to it is held up, and hands it out in
// order.

#include <memory>
#include <string>

#include "gateway/dimse/command.hpp"
#include "gateway/net/association.hpp"
#include "tests/service/wire.hpp"

namespace portcullis::service::test {

struct Message {
    unsigned context = 0;
    dimse::Command command;
    Bytes data_set;
};

/// How an association ended for the one who listens.
enum class End { release_requested, released, aborted, closed };

/// What follows a command: its data set, or what came of it before the association ended.
struct Rest {
    Bytes data_set;
    bool complete;  // the last fragment came, with the end flag
};

class Peer {
  public:
    Peer(Wire& wire, std::shared_ptr<net::Association> association);
    Peer(Peer&&) noexcept = default;
    Peer& operator=(Peer&&) = delete;
    /// What a script leaves open is closed.
    ~Peer();

    const ul::AssociateRq& proposal() const;
    const ul::AssociateAc& answer() const;

    /// A whole message. A data set goes with it exactly if there is one.
    void say(unsigned context, dimse::Command command, ByteView data_set = {});
    /// The command of a message whose data set follows by more() and end().
    void begin(unsigned context, dimse::Command command);
    void more(ByteView part);
    void end(ByteView part);
    /// Waits until the other side has taken all that was said.
    void await_taken();

    /// The next whole message.
    Message hear();
    dimse::Command hear_command();
    Rest hear_rest();
    /// The end, with nothing but data of an incomplete message before it.
    End hear_end();
    /// Whether the end flag of a data set arrives within this time. Takes nothing away.
    bool hears_last_within(std::chrono::milliseconds time);
    /// Whether anything more arrives within this time. Takes nothing away.
    bool hears_more_within(std::chrono::milliseconds time);

    void ask_release();
    /// Expects that the other side asks for the release, and nothing before that; grants it.
    void grant_release();
    void abort();
    /// Closes the connection without a word.
    void vanish();

  private:
    struct Ears;
    struct Mouth;
    static net::Awaitable<void> listen(std::shared_ptr<Ears> ears);
    static net::Awaitable<void> speak(std::shared_ptr<Mouth> mouth);
    void send(bool command, ByteView bytes, bool last);

    Wire* wire_;
    std::shared_ptr<net::Association> association_;
    std::shared_ptr<Ears> ears_;
    std::shared_ptr<Mouth> mouth_;
    unsigned context_ = 0;
};

/// An orderly end: `asking` asks the gateway for the release, which asks `granting`.
void release(Peer& asking, Peer& granting);

}  // namespace portcullis::service::test
