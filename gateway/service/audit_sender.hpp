#pragma once
// Sends what waits for one audit record repository, in the order of the log, and again until it is known to
// have arrived. A repository that is away holds up nobody but this.

#include <atomic>
#include <functional>

#include "gateway/admin/metrics.hpp"
#include "gateway/audit/audit.hpp"
#include "gateway/service/audit_channel.hpp"
#include "gateway/service/audit_queue.hpp"
#include "gateway/service/outages.hpp"

namespace portcullis::service {

/// How much is sent before it is asked whether it arrived, and how often a repository that is away is tried.
struct SendingPace {
    std::size_t messages = 10'000;                         // of one connection at most
    net::Clock::duration time = std::chrono::seconds(10);  // that it stays open for more, at most
    std::size_t trial = 100;  // messages of the connections after one that failed
    net::Clock::duration settle = std::chrono::seconds(1);       // AuditChannel::conclude()
    net::Clock::duration look = std::chrono::milliseconds(100);  // for new records
    net::Clock::duration first_retry = std::chrono::seconds(1);  // then twice as long each time
    net::Clock::duration longest_retry = std::chrono::seconds(60);
};

/// What a sender needs of the gateway.
struct SenderSurroundings {
    std::function<std::uint64_t()> records;  // of the log now
    std::function<void(audit::Record)> note;
    std::function<std::shared_ptr<const tls::Context>()> tls;  // as it is now; nullptr: another transport
    net::Timeouts timeouts;
    admin::Metrics& metrics;
};

class AuditSender {
  public:
    AuditSender(Repository repository, AuditQueue queue, SenderSurroundings around, SendingPace pace = {});

    /// Until finish(), and the end of what that says. Once.
    net::Awaitable<void> run();
    /// From any thread: what is in the log soon is sent still, unless the repository is away.
    void finish() { finishing_ = true; }

  private:
    enum class Delivered { nothing, messages };

    net::Awaitable<std::string> attempt();
    net::Awaitable<Result<Delivered>> deliver();
    net::Awaitable<Result<void>> send_all(AuditChannel& channel);
    net::Awaitable<Result<void>> send_front(AuditChannel& channel);
    net::Awaitable<void> wait(net::Clock::duration time);
    void arrived();
    void failed(const std::string& why);
    void skip_front();
    void note(const char* outcome, const std::string& detail);
    bool is_over() const;

    const Repository repository_;
    AuditQueue queue_;
    const SenderSurroundings around_;
    const SendingPace pace_;
    Outages outages_;
    bool idle_ = false;          // while finishing there was nothing to send, nor a while after
    std::uint64_t skipped_ = 0;  // the last record that the transport did not take
    std::atomic<bool> finishing_ = false;
};

}  // namespace portcullis::service
