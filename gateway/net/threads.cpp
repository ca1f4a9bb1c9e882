#include "gateway/net/threads.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

namespace portcullis::net {

namespace asio = boost::asio;

struct Threads::Loop : asio::io_context {
    Loop() : asio::io_context(1) {}  // the hint: no other thread runs it
    using asio::io_context::shutdown;

    asio::executor_work_guard<executor_type> open = asio::make_work_guard(*this);
    std::atomic<std::size_t> connections = 0;  // and seats of those that may come
    std::atomic<std::size_t> served = 0;
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
        others.emplace_back([loop = loops_[i]] {
            running_ = loop.get();
            loop->run();
        });
    }
    loops_.front()->run();
}

std::shared_ptr<void> Threads::serving() {
    if (!running_) return nullptr;
    ++running_->served;
    return {nullptr, [loop = running_](void*) { --loop->served; }};
}

bool Threads::serves_one() {
    return running_ && running_->served == 1;
}

void Threads::stop() {
    for (const auto& loop : loops_) loop->stop();
}

}  // namespace portcullis::net
