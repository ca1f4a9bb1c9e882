#include "gateway/service/audit_channel.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "gateway/net/datagrams.hpp"
#include "gateway/net/error.hpp"
#include "gateway/syslog/message.hpp"

namespace portcullis::service {

namespace asio = boost::asio;

namespace {

constexpr std::size_t worth_a_write = 32 * 1024;     // bytes; below, several messages share a system call
constexpr std::chrono::milliseconds look_again{20};  // at a peer that is waited for
constexpr std::chrono::seconds last_words{60};       // for a repository to read what it has, and to close
constexpr std::size_t datagrams_at_once = 32;  // what a receiver's buffer takes by default, of long ones
constexpr std::chrono::milliseconds between_datagrams{5};  // for it to be emptied, or the host to refuse them
constexpr std::chrono::milliseconds refusal{100};          // for the host to say that nobody listens

net::Awaitable<void> sleep(net::Clock::duration time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::as_tuple(asio::deferred));
}

ByteView bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class StreamChannel final : public AuditChannel {
  public:
    StreamChannel(net::Stream stream, net::Clock::duration patience)
        : stream_(std::move(stream)), patience_(patience) {
        stream_.set_write_timeout(patience);
    }

    net::Awaitable<Result<void>> send(std::string message) override {
        waiting_ += syslog::octet_counted(message);
        if (waiting_.size() < worth_a_write) co_return Result<void>();
        co_return co_await flush();
    }

    net::Awaitable<Result<void>> flush() override {
        if (!stream_.is_quiet()) co_return ErrorCode(net::errc::closed);
        if (waiting_.empty()) co_return Result<void>();
        const auto written = co_await stream_.write(bytes_of(waiting_));
        waiting_.clear();
        last_write_ = net::Clock::now();
        co_return written;
    }

    net::Awaitable<Result<void>> conclude(net::Clock::duration settle) override {
        if (auto flushed = co_await flush(); !flushed) co_return flushed;
        const auto deadline = net::Clock::now() + patience_;
        const auto settled = last_write_ + settle;
        while (!stream_.is_taken() || net::Clock::now() < settled) {
            if (!stream_.is_quiet()) co_return ErrorCode(net::errc::closed);
            if (net::Clock::now() > std::max(deadline, settled)) co_return ErrorCode(net::errc::timed_out);
            co_await sleep(look_again);
        }
        co_return co_await stream_.conclude(last_words);
    }

  private:
    net::Stream stream_;
    const net::Clock::duration patience_;
    std::string waiting_;
    net::Clock::time_point last_write_{};
};

class DatagramChannel final : public AuditChannel {
  public:
    explicit DatagramChannel(net::Datagrams datagrams) : datagrams_(std::move(datagrams)) {}

    net::Awaitable<Result<void>> send(std::string message) override {
        if (message.size() > syslog::most_in_a_datagram)
            co_return ErrorCode(boost::system::errc::make_error_code(boost::system::errc::message_size));
        auto sent = co_await datagrams_.send(bytes_of(message));
        if (!sent || ++sent_ % datagrams_at_once != 0) co_return sent;
        co_await sleep(between_datagrams);
        co_return not_refused();
    }

    net::Awaitable<Result<void>> flush() override { co_return not_refused(); }

    net::Awaitable<Result<void>> conclude(net::Clock::duration) override {
        co_await sleep(refusal);
        co_return not_refused();
    }

  private:
    Result<void> not_refused() {
        if (datagrams_.is_refused()) return ErrorCode(net::errc::unreachable);
        return {};
    }

    net::Datagrams datagrams_;
    std::size_t sent_ = 0;
};

}  // namespace

net::Awaitable<Result<std::unique_ptr<AuditChannel>>> open_channel(Repository repository,
                                                                   std::shared_ptr<const tls::Context> tls,
                                                                   net::Timeouts timeouts) {
    using Opened = Result<std::unique_ptr<AuditChannel>>;
    if (repository.transport == SyslogTransport::udp) {
        auto datagrams = co_await net::Datagrams::towards(repository.host, repository.port);
        if (!datagrams) co_return datagrams.error();
        co_return Opened(std::make_unique<DatagramChannel>(std::move(*datagrams)));
    }
    auto stream = co_await net::Stream::connect(repository.host, repository.port, timeouts.connect);
    if (!stream) co_return stream.error();
    if (tls) {
        const auto secured = co_await stream->secure(std::move(tls), timeouts.connect);
        if (!secured) co_return secured.error();
    }
    co_return Opened(std::make_unique<StreamChannel>(std::move(*stream), timeouts.write));
}

}  // namespace portcullis::service
