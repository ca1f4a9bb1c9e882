#pragma once
// Accepts connections, within the limits of all and of each address. What is over a limit is closed at once:
// it costs an accept and nothing else.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "gateway/net/stream.hpp"
#include "gateway/net/threads.hpp"

namespace portcullis::net {

/// How many connections are open, in all and by address; shared by all listeners.
class Admission {
  public:
    Admission(std::size_t in_all, std::size_t per_address) : in_all_(in_all), per_address_(per_address) {}

    /// A place that is taken until it is destroyed.
    class Place {
      public:
        Place(Admission& admission, std::string address)
            : admission_(&admission), address_(std::move(address)) {}
        Place(Place&& other) noexcept
            : admission_(std::exchange(other.admission_, nullptr)), address_(std::move(other.address_)) {}
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (admission_) admission_->leave(address_);
        }

      private:
        Admission* admission_;
        std::string address_;
    };

    std::optional<Place> enter(const IpAddress& address);

  private:
    void leave(const std::string& address);

    const std::size_t in_all_;
    const std::size_t per_address_;
    std::mutex mutex_;
    std::size_t open_ = 0;
    std::map<std::string, std::size_t> by_address_;
};

class Listener {
  public:
    /// Called on the connection's executor.
    using Serve = std::function<Awaitable<void>(Stream, IpAddress)>;
    /// Called for a connection that was turned away.
    using TurnedAway = std::function<void(const IpAddress&)>;

    /// Accepts on `executor`, serves on `seats`. Throws std::runtime_error with one line if the address
    /// cannot be used.
    Listener(boost::asio::any_io_executor executor, Seats seats, const std::string& address,
             std::uint16_t port, std::shared_ptr<Admission> admission, Serve serve, TurnedAway turned_away);

    std::uint16_t port() const { return port_; }
    void start();
    /// No more connections; those that are open go on.
    void stop();

  private:
    Awaitable<void> accept_all();

    Seats seats_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::shared_ptr<Admission> admission_;
    Serve serve_;
    TurnedAway turned_away_;
};

}  // namespace portcullis::net
