#include "gateway/net/threads.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <thread>

namespace portcullis::net {

namespace asio = boost::asio;

namespace {

/// A processor that sleeps takes about 0.05 ms to wake, on a virtual machine, and every image wakes the
/// gateway at least twice: for its bytes and for the archive's answer. Who looks for them meanwhile has them
/// at once. Longer than a quick archive takes for its answer, and a quick scanner to its next image
/// (measured: 0.3 and 0.5 ms).
constexpr std::chrono::milliseconds worth_looking_for{1};

/// With more connections there is always something to do, and others need processors, too; there may be fewer
/// of them for this process than the machine has.
const unsigned most_looked_for = std::min(std::thread::hardware_concurrency() / 2, 4U);
std::atomic<std::size_t> served_in_all = 0;

}  // namespace

struct Threads::Loop : asio::io_context {
    Loop() : asio::io_context(1) {}  // the hint: no other thread runs it
    using asio::io_context::shutdown;

    void serve() {
        running_ = this;
        while (!stopped()) {
            look();
            run_one();
        }
    }
    bool serves_one() const { return served == 1; }

    asio::executor_work_guard<executor_type> open = asio::make_work_guard(*this);
    std::atomic<std::size_t> connections = 0;  // and seats of those that may come
    std::atomic<std::size_t> served = 0;

  private:
    bool is_worth_looking() const { return serves_one() && served_in_all <= most_looked_for; }
    /// For events of the one connection that is served, if it is one, until none has come for a while.
    void look() {
        using Clock = std::chrono::steady_clock;
        for (auto until = Clock::now() + worth_looking_for; is_worth_looking() && Clock::now() < until;) {
            if (poll() > 0)
                until = Clock::now() + worth_looking_for;
            else
                std::this_thread::yield();
        }
    }
};

thread_local Threads::Loop* Threads::running_ = nullptr;

Threads::Threads(unsigned count) {
    for (unsigned i = 0; i <= std::max(1U, count); ++i) loops_.push_back(std::make_shared<Loop>());
}

Threads::~Threads() {
    for (const auto& loop : loops_) loop->shutdown();
}

Seat Threads::least_busy() {
    auto chosen = *std::min_element(loops_.begin() + 1, loops_.end(), [](const auto& one, const auto& other) {
        return one->connections < other->connections;
    });
    ++chosen->connections;
    return {chosen->get_executor(),
            std::shared_ptr<void>(nullptr, [chosen](void*) { --chosen->connections; })};
}

boost::asio::any_io_executor Threads::control() {
    return loops_.front()->get_executor();
}

void Threads::run() {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < loops_.size(); ++i) {
        others.emplace_back([loop = loops_[i]] { loop->serve(); });
    }
    loops_.front()->run();
}

std::shared_ptr<void> Threads::serving() {
    if (!running_) return nullptr;
    ++running_->served;
    ++served_in_all;
    return {nullptr, [loop = running_](void*) {
                --loop->served;
                --served_in_all;
            }};
}

bool Threads::serves_one() {
    return running_ && running_->serves_one();
}

void Threads::stop() {
    for (const auto& loop : loops_) loop->stop();
}

}  // namespace portcullis::net
