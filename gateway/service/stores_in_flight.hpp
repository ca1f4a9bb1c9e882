#pragma once
// The objects on their way to an archive, for which it has not answered yet: who asks it to commit itself to
// them waits for that.

#include <map>
#include <mutex>

#include "gateway/base/names.hpp"

namespace portcullis::service {

/// Thread-safe.
class StoresInFlight {
  public:
    /// An object in flight, as long as this lives. The list outlives it.
    class Entry {
      public:
        Entry(StoresInFlight& all, Uid instance) : all_(all), instance_(std::move(instance)) {
            const std::lock_guard lock(all_.mutex_);
            ++all_.instances_[instance_];
        }
        ~Entry() {
            const std::lock_guard lock(all_.mutex_);
            const auto found = all_.instances_.find(instance_);
            if (--found->second == 0) all_.instances_.erase(found);
        }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

      private:
        StoresInFlight& all_;
        const Uid instance_;
    };

    bool contains(const Uid& instance) const {
        const std::lock_guard lock(mutex_);
        return instances_.contains(instance);
    }

  private:
    mutable std::mutex mutex_;
    std::map<Uid, unsigned> instances_;  // how many associations send it
};

}  // namespace portcullis::service
