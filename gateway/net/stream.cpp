#include "gateway/net/stream.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <limits>

#include "gateway/net/error.hpp"
#include "gateway/tls/error.hpp"
#include "gateway/tls/session.hpp"

namespace portcullis::net {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto tuple = asio::as_tuple(asio::deferred);

namespace {

/// What has come already is taken, and what fits is sent, without a turn of the event loop, so often; then
/// the other connections of the thread have theirs.
constexpr unsigned most_at_once = 32;

/// Of TLS, for one system call: a record has 16 KiB, and to copy four costs less than to send each.
constexpr std::size_t worth_a_send = 64 * 1024;  // bytes

constexpr std::size_t longest_farewell = 1024 * 1024;  // bytes that a peer may still send after we ended
constexpr std::chrono::seconds after_a_handshake{5};   // that failed, for the peer to hear why

/// How much the next send may take: what is left. Asio by itself sends 64 KiB, and goes through its queue for
/// the next.
std::size_t all_at_once(const ErrorCode& error, std::size_t) {
    return error ? 0 : std::numeric_limits<std::size_t>::max();
}

}  // namespace

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

Stream::Stream(tcp::socket socket) : watched_(std::make_shared<Watched>(std::move(socket))) {
    ErrorCode ignored;
    watched_->socket.set_option(tcp::no_delay(true), ignored);
    watched_->socket.non_blocking(true, ignored);
}

Stream::~Stream() {
    if (watched_) watched_->close();
}

Awaitable<Result<Stream>> Stream::connect(std::string host, std::uint16_t port, Clock::duration timeout) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::resolver resolver(executor);
    tcp::socket socket(executor);
    bool timed_out = false;
    asio::steady_timer timer(executor, timeout);
    timer.async_wait([&](ErrorCode error) {
        if (error) return;
        timed_out = true;
        resolver.cancel();
        ErrorCode ignored;
        socket.close(ignored);
    });
    const auto [unresolved, addresses] = co_await resolver.async_resolve(host, std::to_string(port), tuple);
    ErrorCode unconnected = unresolved;
    if (!unresolved && !timed_out) {
        const auto [error, endpoint] = co_await asio::async_connect(socket, addresses, tuple);
        unconnected = error;
    }
    // The handler refers to this frame: if it is already queued, it runs before anything that is posted after
    // it.
    if (timer.cancel() == 0 && !timed_out) co_await asio::post(executor, tuple);
    if (timed_out) co_return ErrorCode(errc::timed_out);
    if (unconnected) co_return ErrorCode(errc::unreachable);
    co_return Stream(std::move(socket));
}

Awaitable<Result<std::size_t>> Stream::read_some(MutableByteView into) {
    return watched_->session ? Watched::read_secured(watched_, into) : Watched::read_plain(watched_, into);
}

Awaitable<Result<std::size_t>> Stream::Watched::read_plain(std::shared_ptr<Watched> watched,
                                                           MutableByteView into) {
    const auto buffer = asio::buffer(into.data(), into.size());
    if (!watched->read_all && watched->reads_at_once++ < most_at_once) {
        ErrorCode error;
        const auto count = watched->socket.read_some(buffer, error);
        watched->read_all = !error && count < into.size();
        if (!error) co_return count;
        if (error != asio::error::would_block) co_return watched->reason();
    }
    watched->reads_at_once = 0;
    watched->acknowledge_at_once();
    const auto [error, count] = co_await watched->socket.async_read_some(buffer, tuple);
    watched->read_all = !error && count < into.size();
    if (error) co_return watched->reason();
    co_return count;
}

Awaitable<Result<std::size_t>> Stream::Watched::read_secured(std::shared_ptr<Watched> watched,
                                                             MutableByteView into) {
    if (watched->reads_at_once++ >= most_at_once) co_await let_others(watched, watched->reads_at_once);
    for (;;) {
        const auto step = watched->session->read(into);
        watched->send_gathered();  // to read may need an answer
        if (step.error) co_return watched->reason(step.error);
        if (step.wait == tls::Session::Wait::nothing) co_return step.bytes;
        watched->reads_at_once = 0;
        co_await ready(watched, step.wait);
    }
}

Awaitable<void> Stream::Watched::let_others(std::shared_ptr<Watched> watched, unsigned& count) {
    count = 0;
    co_await asio::post(watched->socket.get_executor(), tuple);
}

/// A socket that was closed meanwhile is ready, too: the next step finds out.
Awaitable<void> Stream::Watched::ready(std::shared_ptr<Watched> watched, tls::Session::Wait what) {
    const bool to_read = what == tls::Session::Wait::readable;
    if (to_read) watched->acknowledge_at_once();
    co_await watched->socket.async_wait(to_read ? tcp::socket::wait_read : tcp::socket::wait_write, tuple);
}

Awaitable<Result<void>> Stream::write(ByteView bytes) {
    return watched_->session ? Watched::write_secured(watched_, bytes)
                             : Watched::write_plain(watched_, bytes);
}

Awaitable<Result<void>> Stream::Watched::write_plain(std::shared_ptr<Watched> watched, ByteView bytes) {
    if (watched->writes_at_once++ >= most_at_once) co_await let_others(watched, watched->writes_at_once);
    ErrorCode unsent;
    const auto sent = watched->socket.write_some(asio::buffer(bytes.data(), bytes.size()), unsent);
    if (sent == bytes.size()) co_return Result<void>();
    if (unsent && unsent != asio::error::would_block) co_return watched->reason();
    const auto rest = bytes.subspan(sent);
    watched->limit_writing();
    const auto [error, count] = co_await asio::async_write(
        watched->socket, asio::buffer(rest.data(), rest.size()), all_at_once, tuple);
    watched->write_deadline.reset();
    if (error) co_return watched->reason();
    co_return Result<void>();
}

Awaitable<Result<void>> Stream::Watched::write_secured(std::shared_ptr<Watched> watched, ByteView bytes) {
    if (watched->writes_at_once++ >= most_at_once) co_await let_others(watched, watched->writes_at_once);
    while (!bytes.empty()) {
        const auto step = watched->session->write(bytes);
        if (step.error) {
            watched->write_deadline.reset();
            co_return watched->reason(step.error);
        }
        bytes = bytes.subspan(step.bytes);
        if (step.wait == tls::Session::Wait::nothing) continue;
        watched->limit_writing();
        co_await ready(watched, step.wait);
    }
    co_return co_await send_all(watched);
}

Awaitable<Result<void>> Stream::Watched::send_all(std::shared_ptr<Watched> watched) {
    ErrorCode error;
    while ((error = watched->send_gathered()) == asio::error::would_block) {
        watched->limit_writing();
        co_await ready(watched, tls::Session::Wait::writable);
    }
    watched->write_deadline.reset();
    if (error) co_return watched->reason();
    co_return Result<void>();
}

/// Under a deadline for all of it that was set before: a peer that says a byte now and then gets no more
/// time.
Awaitable<Result<void>> Stream::secure(std::shared_ptr<const tls::Context> context, Clock::duration timeout) {
    watched_->session = std::make_unique<tls::Session>(std::move(context), *watched_);
    set_read_deadline(timeout);
    return Watched::handshake(watched_);
}

Awaitable<Result<void>> Stream::Watched::handshake(std::shared_ptr<Watched> watched) {
    for (;;) {
        const auto step = watched->session->handshake();
        const auto why = watched->reason(step.error);
        if (const auto sent = co_await send_all(watched); !sent && !step.error) {
            watched->close();
            co_return sent;
        }
        if (step.error) {
            watched->end_sending();
            watched->read_deadline = std::min(*watched->read_deadline, Clock::now() + after_a_handshake);
            watched->watch();
            co_await drain(watched);  // what OpenSSL has told the peer arrives
            watched->close();
            co_return why;
        }
        if (step.wait == tls::Session::Wait::nothing) break;
        co_await ready(watched, step.wait);
    }
    watched->read_deadline.reset();
    co_return Result<void>();
}

std::shared_ptr<const Certificate> Stream::certificate() const {
    return watched_->session ? watched_->session->peer() : nullptr;
}

void Stream::set_read_deadline(std::optional<Clock::duration> from_now) {
    watched_->read_deadline.reset();
    if (from_now) watched_->read_deadline = Clock::now() + *from_now;
    watched_->watch();
}

void Stream::set_write_timeout(Clock::duration timeout) {
    watched_->write_timeout = timeout;
}

void Stream::shutdown_send() {
    watched_->end_sending();
}

Awaitable<void> Stream::farewell(Clock::duration time) {
    shutdown_send();
    set_read_deadline(time);
    return Watched::drain(watched_);
}

/// Below TLS, if it is any: nobody looks at it.
Awaitable<void> Stream::Watched::drain(std::shared_ptr<Watched> watched) {
    Bytes dropped(16 * 1024);
    for (std::size_t total = 0; total < longest_farewell;) {
        const auto count = co_await read_plain(watched, dropped);
        if (!count) break;
        total += *count;
    }
}

Awaitable<Result<void>> Stream::conclude(Clock::duration time) {
    shutdown_send();
    set_read_deadline(time);
    return Watched::await_end(watched_);
}

/// A machine whose program closes with something unread resets the connection, and one whose program has
/// closed does not acknowledge what comes later: an end with everything acknowledged is one of a program that
/// read all.
Awaitable<Result<void>> Stream::Watched::await_end(std::shared_ptr<Watched> watched) {
    Bytes dropped(16 * 1024);
    for (std::size_t total = 0; total < longest_farewell;) {
        const auto [error, count] =
            co_await watched->socket.async_read_some(asio::buffer(dropped.data(), dropped.size()), tuple);
        if (error == asio::error::eof && watched->is_taken()) co_return Result<void>();
        if (error) co_return watched->reason();
        total += count;
    }
    co_return ErrorCode(errc::closed);
}

bool Stream::is_taken() const {
    return watched_->is_taken();
}

boost::asio::any_io_executor Stream::executor() {
    return watched_->socket.get_executor();
}

void Stream::close() {
    watched_->close();
}

bool Stream::is_quiet() const {
    if (watched_->session) {
        const bool quiet = watched_->session->is_quiet();
        watched_->send_gathered();  // as in read_secured()
        return quiet;
    }
    std::uint8_t byte = 0;
    const auto count = ::recv(watched_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

std::optional<IpAddress> Stream::remote() const {
    ErrorCode error;
    const auto endpoint = watched_->socket.remote_endpoint(error);
    if (error) return std::nullopt;
    return IpAddress::parse(endpoint.address().to_string());
}

}  // namespace portcullis::net
