#pragma once
// Whose turn it is to send on an association: fragments of two messages are never interleaved (PS3.7 annex
// E). For coroutines of one thread.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "gateway/net/stream.hpp"

namespace portcullis::net {

class Turnstile {
  public:
    /// Holds the turn until it is destroyed.
    class Turn {
      public:
        explicit Turn(Turnstile& turnstile) : turnstile_(&turnstile) {}
        Turn(Turn&& other) noexcept : turnstile_(std::exchange(other.turnstile_, nullptr)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (turnstile_) turnstile_->leave();
        }

      private:
        Turnstile* turnstile_;
    };

    explicit Turnstile(const boost::asio::any_io_executor& executor)
        : waiting_(executor, Clock::time_point::max()) {}

    Awaitable<Turn> enter() {
        while (taken_) co_await waiting_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
        taken_ = true;
        co_return Turn(*this);
    }

  private:
    void leave() {
        taken_ = false;
        waiting_.cancel_one();
    }

    bool taken_ = false;
    boost::asio::steady_timer waiting_;
};

}  // namespace portcullis::net
