#include "gateway/net/threads.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <thread>

#include "gateway/base/processors.hpp"

namespace portcullis::net {

namespace asio = boost::asio;

namespace {

/// A processor that sleeps takes about 0.05 ms to wake, on a virtual machine, and every image wakes the
/// gateway at least twice: for its bytes and for the archive's answer. Who looks for them meanwhile has them
/// at once. Longer than a quick archive takes for its answer, and a quick scanner to its next image
/// (measured: 0.3 and 0.5 ms).
constexpr std::chrono::milliseconds worth_looking_for{1};

std::atomic<std::size_t> served_in_all = 0;

}  // namespace

struct Threads::Loop : asio::io_context {
    Loop() : asio::io_context(1) {}  // the hint: no other thread runs it
    using asio::io_context::shutdown;

    void serve() {
        running_ = this;
        while (!stopped()) {
            run_one();
            look();
        }
    }
    bool serves_one() const { return served == 1; }

    asio::executor_work_guard<executor_type> open = asio::make_work_guard(*this);
    std::atomic<std::size_t> connections = 0;  // and seats of those that may come
    std::atomic<std::size_t> served = 0;

  private:
    bool is_worth_looking() const {
        static const unsigned most = most_looked_for(processors_here(), processor_quota());
        return serves_one() && served_in_all <= most;
    }
    /// Serves what has come; and where it is worth it, looks for more until nothing has come for a while.
    void look() {
        using Clock = std::chrono::steady_clock;
        auto until = Clock::now() + worth_looking_for;
        for (;;) {
            const bool found = poll() > 0;
            if (!is_worth_looking()) return;
            if (found)
                until = Clock::now() + worth_looking_for;
            else if (Clock::now() >= until)
                return;
            else
                std::this_thread::yield();
        }
    }
};

thread_local Threads::Loop* Threads::running_ = nullptr;

unsigned most_looked_for(unsigned processors, std::optional<double> quota) {
    const double allowed = quota ? *quota / 2 : processors;
    return processors > 1 ? static_cast<unsigned>(std::min({1.0 * processors, allowed, 4.0})) : 0;
}

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
