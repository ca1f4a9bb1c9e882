#include "gateway/net/stream.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <limits>

#include "gateway/net/stream_watched.hpp"

namespace portcullis::net {

namespace {

constexpr std::size_t longest_farewell = 1024 * 1024;  // bytes that a peer may still send after we ended

/// How much the next send may take: what is left. Asio by itself sends 64 KiB, and goes through its queue for
/// the next.
std::size_t all_at_once(const ErrorCode& error, std::size_t) {
    return error ? 0 : std::numeric_limits<std::size_t>::max();
}

}  // namespace

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

/// Under a deadline for all of it that was set before: a peer that says a byte now and then gets no more
/// time.
Awaitable<Result<void>> Stream::secure(std::shared_ptr<const tls::Context> context, Clock::duration timeout) {
    watched_->session = std::make_unique<tls::Session>(std::move(context), *watched_);
    set_read_deadline(timeout);
    return Watched::handshake(watched_);
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
