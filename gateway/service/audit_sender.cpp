#include "gateway/service/audit_sender.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "gateway/admin/log.hpp"

namespace portcullis::service {

namespace asio = boost::asio;
using admin::Level;

AuditSender::AuditSender(Repository repository, AuditQueue queue, SenderSurroundings around, SendingPace pace)
    : repository_(std::move(repository)), queue_(std::move(queue)), around_(std::move(around)), pace_(pace) {}

net::Awaitable<void> AuditSender::run() {
    auto retry = pace_.first_retry;
    while (!is_over()) {
        const auto why = co_await attempt();
        if (why.empty()) {
            retry = pace_.first_retry;
            continue;
        }
        failed(why);
        co_await wait(retry);
        retry = std::min(2 * retry, pace_.longest_retry);
    }
}

bool AuditSender::is_over() const {
    return finishing_ && (idle_ || outages_.away());
}

/// Why it failed; empty: it did not.
net::Awaitable<std::string> AuditSender::attempt() {
    std::string why;
    try {
        const auto delivered = co_await deliver();
        if (delivered) {
            if (*delivered == Delivered::messages) arrived();
            co_return why;
        }
        why = delivered.error().message();
    } catch (const std::exception& error) {
        why = error.what();
    }
    queue_.rewind();
    co_return why;
}

/// What there was to send, which has arrived.
net::Awaitable<Result<AuditSender::Delivered>> AuditSender::deliver() {
    const bool waiting = queue_.front();
    if (const auto lost = queue_.take_lost())
        note("not sent",
             std::to_string(lost) + " records were moved away from the audit log before they were sent");
    if (!waiting) {
        queue_.confirm();
        const bool last = finishing_;
        co_await wait(pace_.look);
        idle_ = last && !queue_.front();
        co_return Delivered::nothing;
    }
    auto channel = co_await open_channel(repository_, around_.tls(), around_.timeouts);
    if (!channel) co_return channel.error();
    around_.metrics.syslog_connected(repository_.where(), true);
    const auto sent = co_await send_all(**channel);
    if (!sent) co_return sent.error();
    const auto concluded = co_await (*channel)->conclude(pace_.settle);
    if (!concluded) co_return concluded.error();
    queue_.confirm();
    co_return Delivered::messages;
}

/// What waits, and what comes meanwhile, as far as one connection takes it.
net::Awaitable<Result<void>> AuditSender::send_all(AuditChannel& channel) {
    const bool on_trial = outages_.away();
    const auto most = on_trial ? pace_.trial : pace_.messages;
    const auto end = net::Clock::now() + pace_.time;
    for (std::size_t count = 0; count < most && net::Clock::now() < end;) {
        if (queue_.front()) {
            const auto sent = co_await send_front(channel);
            if (!sent) co_return sent;
            ++count;
            continue;
        }
        const auto flushed = co_await channel.flush();
        if (!flushed) co_return flushed;
        if (on_trial || finishing_) break;
        co_await wait(pace_.look);
    }
    co_return Result<void>();
}

net::Awaitable<Result<void>> AuditSender::send_front(AuditChannel& channel) {
    const auto sent = co_await channel.send(*queue_.front());
    if (sent) {
        around_.metrics.syslog_sent(repository_.where());
    } else if (sent.error() == boost::system::errc::message_size) {
        skip_front();
    } else {
        co_return sent;
    }
    queue_.pop();
    co_return Result<void>();
}

/// What no datagram takes is told of once, though it may be come by again.
void AuditSender::skip_front() {
    if (queue_.number() <= skipped_) return;
    skipped_ = queue_.number();
    around_.metrics.syslog_failed(repository_.where(), "size");
    note("not sent", "the message of record " + std::to_string(skipped_) +
                         " is longer than a datagram; use another transport");
}

/// So long, and no longer than until it is to finish; tells meanwhile how much waits.
net::Awaitable<void> AuditSender::wait(net::Clock::duration time) {
    const auto end = net::Clock::now() + time;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    do {
        around_.metrics.syslog_queue(repository_.where(), queue_.waiting(around_.records()));
        timer.expires_after(std::min(time, pace_.look));
        co_await timer.async_wait(asio::as_tuple(asio::deferred));
    } while (!finishing_ && net::Clock::now() < end);
}

void AuditSender::arrived() {
    around_.metrics.syslog_connected(repository_.where(), true);
    const auto told = outages_.arrived();
    if (told == Outages::Told::nothing) return;
    admin::log(Level::info, "syslog-back", {{"repository", repository_.where()}});
    if (told == Outages::Told::in_log_and_audit) note("back", "what waited is sent");
}

void AuditSender::failed(const std::string& why) {
    around_.metrics.syslog_connected(repository_.where(), false);
    around_.metrics.syslog_failed(repository_.where(), "delivery");
    const auto told = outages_.failed(net::Clock::now());
    if (told == Outages::Told::nothing) return;
    admin::log(Level::warning, "syslog-away",
               {{"repository", repository_.where()},
                {"detail", why},
                {"meaning", "audit messages wait in the audit log until it is back"}});
    if (told == Outages::Told::in_log_and_audit) note("away", why);
}

void AuditSender::note(const char* outcome, const std::string& detail) {
    around_.note(audit::Record("failure", {{"reason", std::string("syslog")},
                                           {"outcome", std::string(outcome)},
                                           {"repository", repository_.where()},
                                           {"detail", detail}}));
}

}  // namespace portcullis::service
