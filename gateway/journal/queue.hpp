#pragma once
// What was appended and is not yet written.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "gateway/journal/journal.hpp"

namespace portcullis::journal {

struct Append {
    std::vector<Entry> entries;
    Done done;
    std::size_t bytes;
};

class Queue {
  public:
    explicit Queue(std::chrono::milliseconds linger) : linger_(linger) {}

    void push(Append append);
    /// Until there is a group to take: somebody waits for it, it has lingered, or it is large. False: closed,
    /// and nothing is left.
    bool wait();
    /// The next group; empty if somebody else took it.
    std::vector<Append> take();
    /// The same, for who would put something behind it at once; nothing if somebody waits for it.
    std::optional<std::vector<Append>> take_unless_awaited();
    void close();

  private:
    static constexpr std::size_t group_bytes = std::size_t{4} << 20;

    std::vector<Append> take_locked();
    bool due() const { return closed_ || urgent_ > 0 || bytes_ >= group_bytes; }

    const std::chrono::milliseconds linger_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Append> waiting_;
    std::size_t bytes_ = 0;
    std::size_t urgent_ = 0;  // appends with a `done`
    std::chrono::steady_clock::time_point oldest_;
    bool timed_ = false;  // wait() wakes by itself, no later than what comes now has lingered
    bool closed_ = false;
};

}  // namespace portcullis::journal
