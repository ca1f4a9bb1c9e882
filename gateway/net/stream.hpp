#pragma once
// A connection, TCP or TLS over it, with deadlines. Deadlines belong to the stream, not to the single
// operation: a watchdog looks at them when the nearest may have passed, so that the fast path starts no
// timers.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/address.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/certificate.hpp"
#include "gateway/base/error.hpp"
#include "gateway/tls/context.hpp"

namespace portcullis::net {

template <class T>
using Awaitable = boost::asio::awaitable<T>;
using Clock = std::chrono::steady_clock;

class Stream {
  public:
    /// Takes a connected socket; small writes are never delayed (TCP_NODELAY).
    explicit Stream(boost::asio::ip::tcp::socket socket);
    ~Stream();
    Stream(Stream&&) noexcept = default;
    Stream& operator=(Stream&&) = delete;

    /// Resolves and connects, both within `timeout`. Errors: errc::unreachable, errc::timed_out.
    static Awaitable<Result<Stream>> connect(std::string host, std::uint16_t port, Clock::duration timeout);

    /// From now on TLS, before anything was read or written: the handshake, as the side that the context is
    /// for, all of it within `timeout`. Errors: those of gateway/tls, errc::closed, errc::timed_out; the
    /// stream is then closed.
    Awaitable<Result<void>> secure(std::shared_ptr<const tls::Context> context, Clock::duration timeout);
    /// The peer's, verified; nullptr: it showed none, or this is no TLS.
    std::shared_ptr<const Certificate> certificate() const;

    /// At least one byte. What was read is acknowledged before more is waited for (TCP_QUICKACK: a sender
    /// with Nagle's algorithm would otherwise wait 40 ms for each image). Errors: errc::closed,
    /// errc::timed_out, those of gateway/tls.
    Awaitable<Result<std::size_t>> read_some(MutableByteView into);
    /// All of it. Errors: as of read_some().
    Awaitable<Result<void>> write(ByteView bytes);

    /// From now on; applies to a read that is waiting, too. Nothing: no limit.
    void set_read_deadline(std::optional<Clock::duration> from_now);
    /// Every write has this long.
    void set_write_timeout(Clock::duration timeout);

    /// Says that nothing more will be sent.
    void shutdown_send();
    /// The same, and drops what the peer still sends, until it closes or the time is over: closing at once
    /// would reset the connection and could take our last words from the peer.
    Awaitable<void> farewell(Clock::duration time);
    /// The same, and says whether the peer closed because it had read everything. Errors: errc::closed, it
    /// closed before, or reset the connection; errc::timed_out.
    Awaitable<Result<void>> conclude(Clock::duration time);
    /// Whether all that was written has reached the peer's machine, read or not.
    bool is_taken() const;
    void close();
    std::optional<IpAddress> remote() const;
    /// False if the peer has closed, or has sent something that was not read.
    bool is_quiet() const;
    boost::asio::any_io_executor executor();

  private:
    struct Watched;
    std::shared_ptr<Watched> watched_;
};

}  // namespace portcullis::net
