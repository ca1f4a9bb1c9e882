#pragma once
// A connected socket with its deadlines, and TLS if there is any: what a Stream stands on. For stream.cpp and
// stream_secured.cpp alone.

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/net/error.hpp"
#include "gateway/net/stream.hpp"
#include "gateway/tls/error.hpp"
#include "gateway/tls/session.hpp"

namespace portcullis::net {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto tuple = asio::as_tuple(asio::deferred);

/// What has come already is taken, and what fits is sent, without a turn of the event loop, so often; then
/// the other connections of the thread have theirs.
constexpr unsigned most_at_once = 32;

/// Of TLS, for one system call: a record has 16 KiB, and to copy four costs less than to send each.
constexpr std::size_t worth_a_send = 64 * 1024;  // bytes

/// The socket and its deadlines; kept alive by the watchdog's handler only weakly.
struct Stream::Watched : std::enable_shared_from_this<Watched>, tls::Transport {
    explicit Watched(tcp::socket connected) : socket(std::move(connected)), timer(socket.get_executor()) {}

    tcp::socket socket;
    std::unique_ptr<tls::Session> session;  // of a TLS connection
    asio::steady_timer timer;
    std::optional<Clock::time_point> read_deadline;
    std::optional<Clock::time_point> write_deadline;
    Clock::duration write_timeout = std::chrono::minutes(1);
    std::optional<Clock::time_point> armed;
    Bytes gathered;  // by TLS, and not yet sent
    bool timed_out = false;
    bool read_all = false;  // that had come: the kernel need not be asked for more before there is some
    unsigned reads_at_once = 0;
    unsigned writes_at_once = 0;

    std::optional<Clock::time_point> nearest() const {
        if (read_deadline && write_deadline) return std::min(*read_deadline, *write_deadline);
        return read_deadline ? read_deadline : write_deadline;
    }

    /// Moves the timer only when a deadline comes before it: one that moves away is noticed when the timer
    /// fires.
    void watch() {
        const auto next = nearest();
        if (!next || (armed && *armed <= *next) || !socket.is_open()) return;
        armed = next;
        timer.expires_at(*next);
        timer.async_wait([weak = weak_from_this()](ErrorCode error) {
            const auto self = weak.lock();
            if (self && !error) self->look();
        });
    }

    /// From the first time that a write has to wait.
    void limit_writing() {
        if (write_deadline) return;
        write_deadline = Clock::now() + write_timeout;
        watch();
    }

    void look() {
        armed.reset();
        const auto next = nearest();
        if (next && *next <= Clock::now()) {
            timed_out = true;
            close();
        } else {
            watch();
        }
    }

    void end_sending() {
        end_session();
        ErrorCode ignored;
        socket.shutdown(tcp::socket::shutdown_send, ignored);
    }

    void close() {
        end_session();
        ErrorCode ignored;
        socket.close(ignored);
        timer.cancel();
    }

    void end_session() {
        if (!session) return;
        session->end();
        send_gathered();
    }

    /// Of what was sent, our end among it, the peer's machine has acknowledged everything.
    bool is_taken() {
        int unacknowledged = 0;
        return ::ioctl(socket.native_handle(), SIOCOUTQ, &unacknowledged) == 0 && unacknowledged == 0;
    }

    ErrorCode reason() const { return timed_out ? errc::timed_out : errc::closed; }
    /// Why a step of TLS failed. On a socket that we closed every step does.
    ErrorCode reason(const ErrorCode& error) const {
        return socket.is_open() && tls::is_failure(error) ? error : reason();
    }

    void acknowledge_at_once() {
        const int on = 1;  // not sticky: the kernel falls back to delayed acknowledgements by itself
        ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    }

    Result<std::size_t> receive(MutableByteView into) override {
        ErrorCode error;
        const auto count = socket.read_some(asio::buffer(into.data(), into.size()), error);
        if (error) return error;
        return count;
    }
    Result<std::size_t> send(ByteView bytes) override {
        if (gathered.size() >= worth_a_send)
            if (const auto error = send_gathered()) return error;
        gathered.insert(gathered.end(), bytes.begin(), bytes.end());
        return bytes.size();
    }

    /// As much as can be sent now; without an error that is all.
    ErrorCode send_gathered() {
        ErrorCode error;
        std::size_t sent = 0;
        while (sent < gathered.size() && !error)
            sent += socket.write_some(asio::buffer(gathered.data() + sent, gathered.size() - sent), error);
        gathered.erase(gathered.begin(), gathered.begin() + static_cast<std::ptrdiff_t>(sent));
        return error;
    }

    static Awaitable<Result<std::size_t>> read_plain(std::shared_ptr<Watched> watched, MutableByteView into);
    static Awaitable<Result<std::size_t>> read_secured(std::shared_ptr<Watched> watched,
                                                       MutableByteView into);
    static Awaitable<Result<void>> write_plain(std::shared_ptr<Watched> watched, ByteView bytes);
    static Awaitable<Result<void>> write_secured(std::shared_ptr<Watched> watched, ByteView bytes);
    static Awaitable<Result<void>> send_all(std::shared_ptr<Watched> watched);
    static Awaitable<Result<void>> handshake(std::shared_ptr<Watched> watched);
    static Awaitable<void> let_others(std::shared_ptr<Watched> watched, unsigned& count);
    static Awaitable<void> ready(std::shared_ptr<Watched> watched, tls::Session::Wait what);
    static Awaitable<void> drain(std::shared_ptr<Watched> watched);
    static Awaitable<Result<void>> await_end(std::shared_ptr<Watched> watched);
};

}  // namespace portcullis::net
