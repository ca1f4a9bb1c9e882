#pragma once
// Signs the audit log at intervals, in a thread of its own: signing waits for the disk, and serving must not.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/audit/audit.hpp"
#include "gateway/journal/journal.hpp"
#include "gateway/settings.hpp"

namespace portcullis::service {

/// The audit log of these settings; its key is made if the keyring has none. Throws std::runtime_error with
/// one line.
audit::Options audit_options(const Settings&);

class Checkpoints {
  public:
    /// The first is made at once, the others whenever `interval` has passed and there is news.
    Checkpoints(audit::AuditLog&, journal::Journal&, std::chrono::milliseconds interval);
    ~Checkpoints();

    /// No more of them, but one of all that is durable now.
    void finish();

  private:
    void make();

    audit::AuditLog& log_;
    journal::Journal& journal_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace portcullis::service
