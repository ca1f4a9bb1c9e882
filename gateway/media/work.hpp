#pragma once
// Many files on several threads; what is told of them comes in their order.

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace portcullis::media {

/// Does work(0) to work(count - 1) on so many threads, each number once, in no certain order but begun in
/// ascending order. `work` does not throw.
void do_in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

/// As many as the processors that this process may use.
unsigned default_threads();

/// Takes results in any order, from any thread, and passes them on by number, one at a time.
template <class T>
class InOrder {
  public:
    explicit InOrder(std::function<void(T)> next) : next_(std::move(next)) {}

    void put(std::size_t number, T result) {
        const std::lock_guard lock(mutex_);
        waiting_.emplace(number, std::move(result));
        for (auto first = waiting_.begin(); first != waiting_.end() && first->first == passed_;
             first = waiting_.erase(first), ++passed_)
            next_(std::move(first->second));
    }

  private:
    const std::function<void(T)> next_;
    std::mutex mutex_;
    std::map<std::size_t, T> waiting_;
    std::size_t passed_ = 0;
};

}  // namespace portcullis::media
