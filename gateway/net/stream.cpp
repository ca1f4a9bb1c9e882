#include "gateway/net/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <limits>

#include "gateway/net/error.hpp"

namespace portcullis::net {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto tuple = asio::as_tuple(asio::deferred);

namespace {

/// What has come already is taken without a turn of the event loop, so often; then the other connections of
/// the thread have theirs.
constexpr unsigned most_reads_at_once = 32;

/// How much the next send may take: what is left. Asio by itself sends 64 KiB, and goes through its queue for
/// the next.
std::size_t all_at_once(const ErrorCode& error, std::size_t) {
    return error ? 0 : std::numeric_limits<std::size_t>::max();
}

}  // namespace

/// The socket and its deadlines; kept alive by the watchdog's handler only weakly.
struct Stream::Watched : std::enable_shared_from_this<Watched> {
    explicit Watched(tcp::socket connected) : socket(std::move(connected)), timer(socket.get_executor()) {}

    tcp::socket socket;
    asio::steady_timer timer;
    std::optional<Clock::time_point> read_deadline;
    std::optional<Clock::time_point> write_deadline;
    Clock::duration write_timeout = std::chrono::minutes(1);
    std::optional<Clock::time_point> armed;
    bool timed_out = false;
    unsigned reads_at_once = 0;

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

    void close() {
        ErrorCode ignored;
        socket.close(ignored);
        timer.cancel();
    }

    ErrorCode reason() const { return timed_out ? errc::timed_out : errc::closed; }
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
    const auto watched = watched_;
    const auto buffer = asio::buffer(into.data(), into.size());
    if (watched->reads_at_once++ < most_reads_at_once) {
        ErrorCode error;
        const auto count = watched->socket.read_some(buffer, error);
        if (!error) co_return count;
        if (error != asio::error::would_block) co_return watched->reason();
    }
    watched->reads_at_once = 0;
    const int on = 1;  // not sticky: the kernel falls back to delayed acknowledgements by itself
    ::setsockopt(watched->socket.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    const auto [error, count] = co_await watched->socket.async_read_some(buffer, tuple);
    if (error) co_return watched->reason();
    co_return count;
}

Awaitable<Result<void>> Stream::write(ByteView bytes) {
    const auto watched = watched_;
    ErrorCode unsent;
    const auto sent = watched->socket.write_some(asio::buffer(bytes.data(), bytes.size()), unsent);
    if (sent == bytes.size()) co_return Result<void>();
    if (unsent && unsent != asio::error::would_block) co_return watched->reason();
    const auto rest = bytes.subspan(sent);
    watched->write_deadline = Clock::now() + watched->write_timeout;
    watched->watch();
    const auto [error, count] = co_await asio::async_write(
        watched->socket, asio::buffer(rest.data(), rest.size()), all_at_once, tuple);
    watched->write_deadline.reset();
    if (error) co_return watched->reason();
    co_return Result<void>();
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
    ErrorCode ignored;
    watched_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

boost::asio::any_io_executor Stream::executor() {
    return watched_->socket.get_executor();
}

void Stream::close() {
    watched_->close();
}

bool Stream::is_quiet() const {
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
