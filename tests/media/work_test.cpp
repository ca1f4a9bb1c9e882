#include "gateway/media/work.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace portcullis::media;

TEST_CASE("every number is worked at once, and told in order") {
    constexpr std::size_t count = 1000;
    std::vector<std::size_t> told;
    InOrder<std::size_t> order([&](std::size_t number) { told.push_back(number); });
    std::vector<std::atomic<int>> worked(count);
    do_in_parallel(count, 4, [&](std::size_t number) {
        ++worked[number];
        if (number % 7 == 0) std::this_thread::yield();
        order.put(number, number);
    });
    REQUIRE(told.size() == count);
    for (std::size_t number = 0; number < count; ++number) {
        CHECK(told[number] == number);
        CHECK(worked[number] == 1);
    }
}

TEST_CASE("without work nothing is done") {
    do_in_parallel(0, 4, [](std::size_t) { FAIL(); });
    CHECK(default_threads() >= 1);
}
