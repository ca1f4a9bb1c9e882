// TLS over a socket that never waits: what a step of it waits for is awaited here.

#include <algorithm>

#include "gateway/net/stream_watched.hpp"

namespace portcullis::net {

namespace {
constexpr std::chrono::seconds after_a_handshake{5};  // that failed, for the peer to hear why
}  // namespace

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

}  // namespace portcullis::net
