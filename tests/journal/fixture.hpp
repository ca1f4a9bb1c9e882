#pragma once
// A folder of the test's own, and sinks that remember.

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "gateway/journal/journal.hpp"
#include "tests/support/temporary_folder.hpp"

namespace portcullis::journal {

using support::TemporaryFolder;

/// Numbers what it prepares ("payload#n") and keeps what it is given.
class MemorySink : public Sink {
  public:
    explicit MemorySink(Position first = 0) : first_(first) {}

    void prepare(std::string& payload) override { payload += "#" + std::to_string(prepared_++); }
    void apply(const std::vector<std::pair<Position, std::string>>& entries) override {
        const std::lock_guard lock(mutex_);
        for (const auto& [position, payload] : entries) {
            if (position != first_ + applied_.size())
                throw std::runtime_error("sink: a position was left out");
            applied_.push_back(payload);
        }
        changed_.notify_all();
    }
    void sync() override {
        const std::lock_guard lock(mutex_);
        synced_ = applied_.size();
    }
    Position next() const override {
        const std::lock_guard lock(mutex_);
        return first_ + applied_.size();
    }

    std::vector<std::string> applied() const {
        const std::lock_guard lock(mutex_);
        return applied_;
    }
    /// How many of them were applied when it last synced.
    std::size_t synced() const {
        const std::lock_guard lock(mutex_);
        return synced_;
    }
    void wait_for(std::size_t count) const {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return applied_.size() >= count; });
    }

  private:
    const Position first_;
    std::size_t prepared_ = 0;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::string> applied_;
    std::size_t synced_ = 0;
};

inline Entry registry_entry(std::string payload) {
    return {Kind::registry, std::move(payload)};
}
inline Entry audit_entry(std::string payload) {
    return {Kind::audit, std::move(payload)};
}

/// Appends, and waits until it is durable or has failed.
inline ErrorCode append_and_wait(Journal& journal, std::vector<Entry> entries) {
    std::promise<ErrorCode> result;
    journal.append(std::move(entries), [&](ErrorCode error) { result.set_value(error); });
    return result.get_future().get();
}

inline std::vector<std::filesystem::path> segments(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

/// "" if nothing was thrown.
template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

}  // namespace portcullis::journal
