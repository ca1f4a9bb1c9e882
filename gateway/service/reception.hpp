#pragma once
// Who is calling, and for whom: decided by the listener, the called AE title and the address together, never
// by the calling title alone.

#include <list>
#include <memory>
#include <mutex>

#include "gateway/service/services.hpp"

namespace portcullis::service {

/// The associations that are being served, so that the gateway can wait for them and end them.
class Running {
  public:
    using Handle = std::list<std::weak_ptr<net::Association>>::iterator;

    Handle enter(const std::shared_ptr<net::Association>& association);
    void leave(Handle handle);
    bool empty() const;
    /// Closes the connections of all, each on its own thread.
    void close_all();

  private:
    mutable std::mutex mutex_;
    std::list<std::weak_ptr<net::Association>> associations_;
};

/// Serves one accepted connection until it ends.
net::Awaitable<void> receive(Services& services, Running& running, const Listener& listener,
                             net::Stream stream, IpAddress address);

}  // namespace portcullis::service
