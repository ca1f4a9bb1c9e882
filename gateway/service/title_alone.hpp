#pragma once
// Peers that are known by their AE title alone (trust: ae-title-only). Who really calls so nobody knows: the
// audit names these peers at start, once a day, at a reload and at the end, and how much was passed on for
// them.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/audit/audit.hpp"
#include "gateway/policy/policy.hpp"

namespace portcullis::service {

/// When the next day begins.
std::chrono::system_clock::time_point next_utc_midnight(std::chrono::system_clock::time_point now);

class TitleAlone {
  public:
    /// A request of this peer goes to an archive. From any thread.
    void passed_on(const std::string& peer);
    /// One record for each of the peers that is known so, with the requests since the last time.
    std::vector<audit::Record> records(const std::vector<policy::Peer>& peers);
    /// The same, once on each UTC day; nothing when they were taken on this one already.
    std::vector<audit::Record> due(std::chrono::system_clock::time_point now,
                                   const std::vector<policy::Peer>& peers);

  private:
    std::mutex mutex_;
    std::map<std::string, std::uint64_t> requests_;
    std::optional<std::chrono::sys_days> day_;  // when some were due
};

}  // namespace portcullis::service
