#pragma once
// Who may do what, where peers are called, and the certificates of every leg: what is exchanged while
// associations run. It is one configuration's as a whole, never the peers of one with the policy of another:
// each request is decided by one Access, that of when it is complete, so that what is taken away is gone with
// the next request, also on an association that runs. What was granted goes on as it was granted.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/policy/budgets.hpp"
#include "gateway/policy/policy.hpp"
#include "gateway/settings.hpp"

namespace portcullis::service {

struct Access {
    /// Reads all files of certificates and keys. Throws SettingsError.
    explicit Access(const Settings& settings)
        : policy(settings.peers, settings.groups, settings.rules, settings.otherwise),
          budgets(settings.budgets),
          endpoints(settings.endpoints),
          pass_unregistered(settings.pass_unregistered),
          tls(load_tls(settings)) {}

    /// Whether the peer is one that receives.
    bool can_be_called(const policy::Peer& peer) const { return endpoints.contains(peer.name); }
    /// The peer that receives under this title, or nullptr.
    const policy::Peer* receiver_called(const AeTitle& title) const {
        const auto* peer = policy.destination(title);
        return peer && can_be_called(*peer) ? peer : nullptr;
    }
    /// The budgets that bind whoever asks, and of each the account; valid as long as this.
    policy::Bounds bounds_of(const policy::Spender& spender) const {
        policy::Bounds bounds;
        for (const auto& budget : budgets)
            if (policy::binds(budget, policy, spender))
                bounds.push_back({&budget, policy::subject_of(budget, spender)});
        return bounds;
    }

    policy::Policy policy;
    std::vector<policy::Budget> budgets;
    std::map<std::string, Endpoint> endpoints;  // by name of peer
    bool pass_unregistered;
    TlsContexts tls;
};

/// The one in use. Thread-safe.
class CurrentAccess {
  public:
    explicit CurrentAccess(std::shared_ptr<const Access> first) : current_(std::move(first)) {}

    std::shared_ptr<const Access> get() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }
    void replace(std::shared_ptr<const Access> fresh) {
        const std::lock_guard lock(mutex_);
        current_.swap(fresh);  // what was in use is destroyed after the lock
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Access> current_;
};

}  // namespace portcullis::service
