#include "gateway/net/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stdexcept>

namespace portcullis::net {

namespace asio = boost::asio;
using asio::ip::tcp;

std::optional<Admission::Place> Admission::enter(const IpAddress& address) {
    const std::string key = address.str();
    const std::lock_guard lock(mutex_);
    if (open_ >= in_all_) return std::nullopt;
    auto& here = by_address_[key];
    if (here >= per_address_) return std::nullopt;
    ++open_;
    ++here;
    return std::optional<Place>(std::in_place, *this, key);
}

void Admission::leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --open_;
    const auto here = by_address_.find(address);
    if (--here->second == 0) by_address_.erase(here);
}

Listener::Listener(asio::any_io_executor executor, Seats seats, const std::string& address,
                   std::uint16_t port, std::shared_ptr<Admission> admission, Serve serve,
                   TurnedAway turned_away)
    : seats_(std::move(seats)),
      acceptor_(std::move(executor)),
      admission_(std::move(admission)),
      serve_(std::move(serve)),
      turned_away_(std::move(turned_away)) {
    ErrorCode error;
    const tcp::endpoint endpoint(asio::ip::make_address(address, error), port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        throw std::runtime_error("gateway.listen: cannot listen on " + address + ":" + std::to_string(port) +
                                 ": " + error.message() +
                                 "; choose another address or port, or stop what uses it");
    }
    port_ = acceptor_.local_endpoint().port();
}

void Listener::start() {
    asio::co_spawn(acceptor_.get_executor(), accept_all(), asio::detached);
}

void Listener::stop() {
    asio::post(acceptor_.get_executor(), [this] {
        ErrorCode ignored;
        acceptor_.close(ignored);
    });
}

Awaitable<void> Listener::accept_all() {
    while (acceptor_.is_open()) {
        auto seat = seats_();  // everything that belongs to the connection runs there
        auto [error, socket] = co_await acceptor_.async_accept(seat.executor, asio::as_tuple(asio::deferred));
        if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
        if (error) {  // out of descriptors, a peer that is gone already: try again a little later
            asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::as_tuple(asio::deferred));
            continue;
        }
        Stream stream(std::move(socket));
        const auto address = stream.remote();
        if (!address) continue;
        auto place = admission_->enter(*address);
        if (!place) {
            turned_away_(*address);
            continue;
        }
        auto serve = [](Serve& handler, Stream connection, IpAddress peer, Admission::Place place_taken,
                        Seat seat_taken) -> Awaitable<void> {
            const auto keep = std::tuple(std::move(place_taken), std::move(seat_taken), Threads::serving());
            co_await handler(std::move(connection), peer);
        };
        const auto executor = seat.executor;
        asio::co_spawn(executor,
                       serve(serve_, std::move(stream), *address, std::move(*place), std::move(seat)),
                       asio::detached);
    }
}

}  // namespace portcullis::net
