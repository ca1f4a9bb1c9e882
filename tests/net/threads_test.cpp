#include "gateway/net/threads.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>
#include <future>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "gateway/net/signal.hpp"

using namespace portcullis;
namespace asio = boost::asio;

namespace {

std::thread::id thread_of(const asio::any_io_executor& executor) {
    std::promise<std::thread::id> id;
    asio::post(executor, [&] { id.set_value(std::this_thread::get_id()); });
    return id.get_future().get();
}

/// Runs the threads as long as it lives.
class Running {
  public:
    explicit Running(net::Threads& threads) : threads_(threads), thread_([&threads] { threads.run(); }) {}
    ~Running() { threads_.stop(); }

  private:
    net::Threads& threads_;
    std::jthread thread_;
};

}  // namespace

TEST_CASE("No more connections are looked for than there are processors for, nor than half of a quota") {
    using net::most_looked_for;
    REQUIRE(most_looked_for(1, {}) == 0);
    REQUIRE(most_looked_for(2, {}) == 2);
    REQUIRE(most_looked_for(64, {}) == 4);
    REQUIRE(most_looked_for(64, 1.5) == 0);
    REQUIRE(most_looked_for(64, 2.0) == 1);
    REQUIRE(most_looked_for(64, 1e12) == 4);
    REQUIRE(most_looked_for(2, 32.0) == 2);
}

TEST_CASE("each seat is on the thread that has the fewest") {
    net::Threads threads(3);
    const Running running(threads);
    std::vector<net::Seat> seats;
    for (int i = 0; i < 6; ++i) seats.push_back(threads.least_busy());
    std::map<std::thread::id, int> taken;
    for (const auto& seat : seats) ++taken[thread_of(seat.executor)];
    CHECK(taken.size() == 3);
    for (const auto& [id, count] : taken) CHECK(count == 2);

    const auto left = thread_of(seats[1].executor);
    seats.erase(seats.begin() + 1);
    CHECK(thread_of(threads.least_busy().executor) == left);
}

TEST_CASE("a thread knows whether it serves one connection alone") {
    net::Threads threads(2);
    const Running running(threads);
    const auto on = [](const asio::any_io_executor& executor, auto action) {
        std::promise<decltype(action())> answer;
        asio::post(executor, [&] { answer.set_value(action()); });
        return answer.get_future().get();
    };
    const auto alone = [&](const net::Seat& seat) { return on(seat.executor, net::Threads::serves_one); };
    const auto begin = [&](const net::Seat& seat) { return on(seat.executor, net::Threads::serving); };
    const auto one = threads.least_busy();
    const auto other = threads.least_busy();
    CHECK_FALSE(alone(one));  // a seat for who may come is no connection
    const auto first = begin(one);
    CHECK(alone(one));
    CHECK_FALSE(alone(other));
    auto second = begin(one);
    CHECK_FALSE(alone(one));
    second.reset();
    CHECK(alone(one));
    CHECK_FALSE(net::Threads::serving());
    CHECK_FALSE(net::Threads::serves_one());
}

TEST_CASE("a thread that serves one connection sleeps when nothing comes for a while") {
    net::Threads threads(1);
    const Running running(threads);
    const auto seat = threads.least_busy();
    std::promise<std::shared_ptr<void>> began;
    asio::post(seat.executor, [&] { began.set_value(net::Threads::serving()); });
    const auto serving = began.get_future().get();
    const auto processor_time = [] { return std::clock() * 1000 / CLOCKS_PER_SEC; };  // ms
    asio::steady_timer timer(seat.executor, std::chrono::milliseconds(500));
    std::promise<void> fired;
    timer.async_wait([&](const ErrorCode&) { fired.set_value(); });
    const auto before = processor_time();
    fired.get_future().get();
    CHECK(processor_time() - before < 250);
}

TEST_CASE("what is posted to a seat runs on one thread, whoever posts it") {
    net::Threads threads(4);
    const Running running(threads);
    const auto seat = threads.least_busy();
    const auto id = thread_of(seat.executor);
    std::atomic<int> elsewhere = 0;
    std::atomic<int> ran = 0;
    {
        std::vector<std::jthread> posting;
        for (int i = 0; i < 4; ++i)
            posting.emplace_back([&] {
                for (int j = 0; j < 100; ++j)
                    asio::post(seat.executor, [&] {
                        if (std::this_thread::get_id() != id) ++elsewhere;
                        ++ran;
                    });
            });
    }
    thread_of(seat.executor);  // after all of them
    CHECK(ran == 400);
    CHECK(elsewhere == 0);
}

TEST_CASE("what still waits is destroyed, also where it refers to another thread's") {
    struct Destroyed {
        std::atomic<int>& count;
        ~Destroyed() { ++count; }
    };
    std::atomic<int> destroyed = 0;
    {
        net::Threads threads(2);
        const auto one = threads.least_busy();
        const auto other = threads.least_busy();
        auto wait = [](std::shared_ptr<net::Signal> own, std::shared_ptr<net::Signal> foreign,
                       std::shared_ptr<Destroyed> last) -> net::Awaitable<void> {
            co_await own->wait();
            foreign->raise();
            last.reset();
        };
        const auto first = std::make_shared<net::Signal>(one.executor);
        const auto second = std::make_shared<net::Signal>(other.executor);
        asio::co_spawn(one.executor, wait(first, second, std::make_shared<Destroyed>(destroyed)),
                       asio::detached);
        asio::co_spawn(other.executor, wait(second, first, std::make_shared<Destroyed>(destroyed)),
                       asio::detached);
        const Running running(threads);
        thread_of(one.executor);
        thread_of(other.executor);
    }
    CHECK(destroyed == 2);
}
