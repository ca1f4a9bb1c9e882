#pragma once
// One association over one stream: carries out what the state machine of PS3.8 9.2 (ul/machine.hpp) decides.
// Runs on the executor of its stream, one operation of a kind at a time: one receive() and one send() may
// overlap.

#include <memory>
#include <variant>

#include "gateway/net/stream.hpp"
#include "gateway/ul/decode.hpp"
#include "gateway/ul/machine.hpp"
#include "gateway/ul/negotiate.hpp"
#include "gateway/ul/pdu.hpp"

namespace portcullis::net {

struct Timeouts {
    Clock::duration artim;    // PS3.8 9.1.5
    Clock::duration write;    // for the peer to take what we send
    Clock::duration connect;  // TCP, TLS and A-ASSOCIATE-AC, each
};

class Association {
  public:
    /// The peer wants to release; answer with confirm_release().
    struct ReleaseRequested {};
    /// What request_release() asked for was granted: the association is over.
    struct Released {};
    using Incoming = std::variant<ul::PData, ReleaseRequested, Released>;

    /// Waits for an A-ASSOCIATE-RQ on an accepted stream. Errors: errc::timed_out (ARTIM), errc::refused_pdu,
    /// errc::closed.
    static Awaitable<Result<std::shared_ptr<Association>>> await_request(Stream stream, Timeouts timeouts,
                                                                         ul::DecodeLimits limits);
    /// Connects and requests. Errors: errc::unreachable, errc::timed_out, errc::rejected, errc::aborted,
    /// errc::refused_pdu, those of gateway/tls. `rejection`, if given, receives the peer's A-ASSOCIATE-RJ;
    /// `tls`, if given, secures the connection.
    static Awaitable<Result<std::shared_ptr<Association>>> request(
        std::string host, std::uint16_t port, ul::AssociateRq request, Timeouts timeouts,
        ul::DecodeLimits limits, ul::AssociateRj* rejection = nullptr,
        std::shared_ptr<const tls::Context> tls = nullptr);

    Association(Stream stream, Timeouts timeouts, ul::DecodeLimits limits);

    /// Of an established or establishing association.
    const ul::AssociateRq& proposal() const { return *proposal_; }
    const ul::AssociateAc& answer() const { return *answer_; }
    /// What the peer can receive, in bytes of a P-DATA-TF's variable field; 0: no limit.
    std::uint32_t peer_maximum_length() const;

    Awaitable<Result<void>> accept(ul::AssociateAc answer);
    Awaitable<void> reject(ul::AssociateRj rejection);

    /// The next P-DATA or the end. The views of a PData are valid until the next call. Errors: errc::closed,
    /// errc::aborted, errc::timed_out, errc::refused_pdu: the association is over.
    Awaitable<Result<Incoming>> receive();
    /// Sends encoded P-DATA-TF PDUs.
    Awaitable<Result<void>> send(ByteView p_data_pdus);
    /// Asks for the release; receive() then ends with Released. Data may still come before.
    Awaitable<void> request_release();
    /// The same for a side on which nothing waits in receive(): asks, and waits for the end.
    Awaitable<void> release();
    Awaitable<void> confirm_release();
    /// Ends the association now (PS3.8 table 9-26). What waits in receive() ends when the peer has closed.
    /// Does nothing if the association is over.
    Awaitable<void> abort(ul::Abort why);
    boost::asio::any_io_executor executor() { return stream_.executor(); }
    /// Established, and the peer has neither closed nor said anything that nobody has read: fit for the next
    /// message.
    bool usable() const { return established() && !broken_ && begin_ == end_ && stream_.is_quiet(); }
    bool established() const { return state_ == ul::State::sta6; }
    /// The peer's, verified; nullptr: it showed none.
    std::shared_ptr<const Certificate> certificate() const { return stream_.certificate(); }

    void set_read_deadline(std::optional<Clock::duration> from_now) { stream_.set_read_deadline(from_now); }
    /// Closes the transport connection without a word, from outside: what waits on it ends.
    void close() { stream_.close(); }

  private:
    std::optional<ul::Transition> fire(ul::Event event);
    Awaitable<Result<ByteView>> read_pdu();
    Awaitable<Result<ul::Pdu>> next_pdu();
    Awaitable<Result<void>> write(const ul::Pdu& pdu);
    Awaitable<Result<void>> write_bytes(ByteView bytes);
    Awaitable<ErrorCode> refuse(std::optional<ul::Event> event, std::uint8_t reason);
    Awaitable<void> answer_collision();
    Clock::duration farewell_time() const;
    Awaitable<void> farewell();

    Stream stream_;
    Timeouts timeouts_;
    ul::DecodeLimits limits_;
    ul::State state_ = ul::State::sta1;
    std::optional<ul::AssociateRq> proposal_;
    std::optional<ul::AssociateAc> answer_;
    bool requestor_ = false;
    bool reading_ = false;
    bool writing_ = false;
    bool broken_ = false;   // a write has failed
    bool leaving_ = false;  // only the end of the connection is awaited
    Bytes buffer_;
    std::size_t begin_ = 0;  // of what was read and not yet taken
    std::size_t end_ = 0;
};

}  // namespace portcullis::net
