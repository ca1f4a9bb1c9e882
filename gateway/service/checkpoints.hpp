#pragma once
// Signs the audit log at intervals, in a thread of its own: signing waits for the disk, and serving must not.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/audit/audit.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

/// The audit log of these settings; its key is made if the keyring has none. Throws std::runtime_error with
/// one line.
audit::Options audit_options(const Settings&);

class Checkpoints {
  public:
    /// The first is made at once, the others whenever audit.checkpoint has passed and there is news.
    Checkpoints(audit::AuditLog&, Services&);
    ~Checkpoints();

    /// No more of them, but one of all that is durable now.
    void finish();

  private:
    void make();

    audit::AuditLog& log_;
    Services& services_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace portcullis::service
