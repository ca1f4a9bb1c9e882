#pragma once
// The changes that stand in the journal, or are about to, and are not yet in the database.

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/registry/change.hpp"

namespace portcullis::registry {

struct Numbered {
    journal::Position position;
    std::shared_ptr<const Change> change;
};

/// Thread-safe. Small: the journal waits when its sinks are some thousand entries behind.
class Overlay {
  public:
    void add(journal::Position position, Change change) {
        auto shared = std::make_shared<const Change>(std::move(change));
        const std::lock_guard lock(mutex_);
        changes_.push_back({position, std::move(shared)});
    }
    void drop_before(journal::Position position) {
        std::vector<Numbered> dropped;  // freed when nobody waits for it
        const std::lock_guard lock(mutex_);
        while (!changes_.empty() && changes_.front().position < position) {
            dropped.push_back(std::move(changes_.front()));
            changes_.pop_front();
        }
    }
    /// In order.
    std::vector<Numbered> all() const {
        const std::lock_guard lock(mutex_);
        return {changes_.begin(), changes_.end()};
    }
    /// Those of one object, in order.
    std::vector<Numbered> of(const std::string& sop_instance) const {
        std::vector<Numbered> found;
        const std::lock_guard lock(mutex_);
        for (const auto& numbered : changes_)
            if (is_of(*numbered.change, sop_instance)) found.push_back(numbered);
        return found;
    }

  private:
    mutable std::mutex mutex_;
    std::deque<Numbered> changes_;
};

}  // namespace portcullis::registry
