#include "gateway/journal/queue.hpp"

namespace portcullis::journal {

void Queue::push(Append append) {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) oldest_ = std::chrono::steady_clock::now();
    bytes_ += append.bytes;
    if (append.done) ++urgent_;
    waiting_.push_back(std::move(append));
    if (due() || !timed_) changed_.notify_one();
}

bool Queue::wait() {
    std::unique_lock lock(mutex_);
    timed_ = true;
    changed_.wait_for(lock, linger_, [this] { return due(); });
    if (waiting_.empty()) {
        timed_ = false;
        changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        timed_ = true;
    }
    changed_.wait_until(lock, oldest_ + linger_, [this] { return due(); });
    timed_ = false;
    return !closed_ || !waiting_.empty();
}

std::vector<Append> Queue::take() {
    const std::lock_guard lock(mutex_);
    return take_locked();
}

std::optional<std::vector<Append>> Queue::take_unless_awaited() {
    const std::lock_guard lock(mutex_);
    if (due()) return std::nullopt;
    return take_locked();
}

std::vector<Append> Queue::take_locked() {
    std::vector<Append> group;
    std::size_t group_size = 0;
    while (!waiting_.empty() && group_size < group_bytes) {
        auto& append = waiting_.front();
        group_size += append.bytes;
        if (append.done) --urgent_;
        group.push_back(std::move(append));
        waiting_.pop_front();
    }
    bytes_ -= group_size;
    return group;
}

void Queue::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_one();
}

}  // namespace portcullis::journal
