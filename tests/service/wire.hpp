#pragma once
// The thread on which the scripted peers live. The script itself runs on the test's thread and waits for
// what it says to be said, and for what it expects to be heard, but never longer than its patience.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "gateway/net/stream.hpp"

namespace portcullis::service::test {

inline constexpr std::chrono::seconds patience{10};

class Wire {
  public:
    Wire() : working_(io_.get_executor()), thread_([this] { io_.run(); }) {}
    ~Wire() {
        io_.stop();
        thread_.join();
    }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    boost::asio::io_context& io() { return io_; }

    template <class T>
    std::future<T> start(net::Awaitable<T> what) {
        return boost::asio::co_spawn(io_, std::move(what), boost::asio::use_future);
    }

    /// Throws if it takes longer than the patience.
    template <class T>
    static T finish(std::future<T> future, const std::string& expected) {
        if (future.wait_for(patience) != std::future_status::ready)
            throw std::runtime_error("waited in vain: " + expected);
        return future.get();
    }

    template <class T>
    T run(net::Awaitable<T> what, const std::string& expected) {
        return finish(start(std::move(what)), expected);
    }

  private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_;
    std::thread thread_;
};

}  // namespace portcullis::service::test
