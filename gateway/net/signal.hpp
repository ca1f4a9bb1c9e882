#pragma once
// Something that happens once, which coroutines of one thread may wait for.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/net/stream.hpp"

namespace portcullis::net {

class Signal {
  public:
    explicit Signal(const boost::asio::any_io_executor& executor)
        : waiting_(executor, Clock::time_point::max()) {}

    void raise() {
        raised_ = true;
        waiting_.cancel();
    }
    Awaitable<void> wait() {
        while (!raised_) co_await waiting_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    }

  private:
    bool raised_ = false;
    boost::asio::steady_timer waiting_;
};

}  // namespace portcullis::net
