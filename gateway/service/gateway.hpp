#pragma once
// The whole gateway as one object: everything from the settings to the listeners, so that a test can have one
// in its own process, on port 0.

#include <functional>
#include <memory>

#include "gateway/settings.hpp"

namespace portcullis::service {

class Gateway {
  public:
    /// `read` gives the configuration as it is at the time: now, and at each reload. Opens keyring, registry,
    /// audit and journal, and listens. Throws std::runtime_error with one line (what, where, what to do) if
    /// one of them, or the configuration, cannot be used.
    explicit Gateway(std::function<Settings()> read);
    ~Gateway();

    /// Serves until stop(), then lets running associations finish within limits.shutdown. Returns when all is
    /// written.
    void run();
    /// From any thread, once or more often; not from a signal handler.
    void stop();
    /// Reads peers, groups and policy again, which count from the next request on, and all certificates,
    /// which count from the next connection on. No association ends. If anything cannot be used, or differs
    /// that counts from a start only, all stays as it is. What became of it is in the log and the audit. From
    /// any thread.
    void reload();
    /// Stops on SIGTERM and SIGINT, reloads on SIGHUP.
    void obey_signals();

    /// Of the listener with this name; 0 if there is none.
    std::uint16_t port(const std::string& listener) const;
    std::uint16_t admin_port() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::service
