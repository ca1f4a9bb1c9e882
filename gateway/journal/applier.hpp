#pragma once
// The thread that feeds the sinks, so that a slow sink delays no commit.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/journal/recovery.hpp"

namespace portcullis::journal {

class Applier {
  public:
    using Entries = std::vector<std::pair<Position, std::string>>;
    /// What became durable together, or (then without entries) a segment of which all was pushed.
    struct Work {
        Entries registry;
        Entries audit;
        std::filesystem::path retired;
    };

    /// `failed` is called from the thread, once, when a sink throws; nothing is applied after that.
    Applier(Sinks sinks, std::function<void(const std::string&)> failed);
    ~Applier();

    /// Waits while the sinks are more than `max_backlog` entries behind.
    void push(Work work);
    /// push() would not wait.
    bool has_room() const;
    /// Applies what was pushed, has the sinks sync, stops the thread.
    void finish();

  private:
    static constexpr std::size_t max_backlog = 4096;
    // A sink's transaction costs about the same for one entry as for many, and delays nobody who waits for a
    // commit: so some are gathered for each.
    static constexpr std::size_t enough = 256;
    static constexpr std::chrono::milliseconds gathering{20};

    void run();
    std::deque<Work> take();
    void apply(std::deque<Work> all);
    void apply_and_clear(Entries& registry, Entries& audit);

    Sinks sinks_;
    std::function<void(const std::string&)> failed_;
    mutable std::mutex mutex_;
    std::condition_variable pushed_;
    std::condition_variable applied_;
    std::deque<Work> waiting_;
    std::size_t backlog_ = 0;  // entries pushed and not yet applied
    bool finishing_ = false;
    bool broken_ = false;
    std::thread thread_;
};

}  // namespace portcullis::journal
