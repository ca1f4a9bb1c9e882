#include "gateway/media/work.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "gateway/base/processors.hpp"

namespace portcullis::media {

void do_in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> workers;
    const auto worker = [&] {
        for (std::size_t number = next++; number < count; number = next++) work(number);
    };
    for (std::size_t i = 0; i < std::min<std::size_t>(threads, count); ++i) workers.emplace_back(worker);
}

unsigned default_threads() {
    return processors();
}

}  // namespace portcullis::media
