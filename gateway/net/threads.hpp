#pragma once
// The threads that serve connections, each with an event loop of its own. A connection stays on one of them:
// what belongs to it needs no lock, and no other thread is woken for what it does. A thread that serves one
// alone looks for its next event for a while before it sleeps (busy polling, as HAProxy's option of that
// name, but bounded).

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace portcullis::net {

/// Where a connection is served; counted as one as long as `held` lives.
struct Seat {
    boost::asio::any_io_executor executor;
    std::shared_ptr<void> held;
};
using Seats = std::function<Seat()>;

/// Everything on one executor, which must run on one thread only.
inline Seats only_on(boost::asio::any_io_executor executor) {
    return [executor = std::move(executor)] { return Seat{executor, nullptr}; };
}

/// How many connections may be served at the most for one to be looked for. With more there is always
/// something to do; on one processor the others would wait. Who looks gives way to whoever has work, but of a
/// quota (base/processors.hpp) what it spends is gone: half is kept.
unsigned most_looked_for(unsigned processors, std::optional<double> quota);

class Threads {
  public:
    /// `count` that serve connections, and one for all else: accepting, signals, what an administrator asks.
    explicit Threads(unsigned count);
    /// What still waits on any of them is destroyed while all of them exist.
    ~Threads();

    /// On the thread that serves the fewest connections. Thread-safe.
    Seat least_busy();
    boost::asio::any_io_executor control();
    /// Counts a connection as one that the calling thread serves, as long as it lives. Nothing on other
    /// threads.
    static std::shared_ptr<void> serving();
    /// Whether the calling thread is one of these and serves one connection: what it waits for, no other
    /// connection waits for.
    static bool serves_one();

    /// Until stop(). The calling thread is the one for all else.
    void run();
    /// From any thread.
    void stop();

  private:
    struct Loop;
    static thread_local Loop* running_;
    std::vector<std::shared_ptr<Loop>> loops_;
};

}  // namespace portcullis::net
