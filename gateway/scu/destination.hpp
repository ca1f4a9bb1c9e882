#pragma once
// The gateway's own move destination, while the gateway does not run: a listener at the address of one of its
// egress listeners, which takes what the archive sends for a C-MOVE.

#include "gateway/net/listener.hpp"
#include "gateway/scu/call.hpp"
#include "gateway/scu/receiver.hpp"

namespace portcullis::scu {

class Destination {
  public:
    /// Throws std::runtime_error with one line if the address cannot be used. All that is given outlives it.
    /// `tls`: of the listener.
    Destination(boost::asio::any_io_executor, const Settings&, const Archive&, const portcullis::Listener&,
                std::shared_ptr<const tls::Context> tls, const Call&, Open&);

    /// From now on; nullptr: nothing is taken.
    void receive_for(Receiver* receiver) { receiver_ = receiver; }
    /// Associations that are open.
    std::size_t serving() const { return serving_; }
    void stop() { listener_.stop(); }

  private:
    net::Awaitable<void> serve(net::Stream, IpAddress);
    net::Awaitable<void> receive(std::shared_ptr<net::Association>, Receiver&);

    const Settings& settings_;
    const Archive& archive_;
    const std::shared_ptr<const tls::Context> tls_;
    const Call& call_;
    Open& open_;
    Receiver* receiver_ = nullptr;
    std::size_t serving_ = 0;
    net::Listener listener_;  // the last: it uses the others
};

}  // namespace portcullis::scu
