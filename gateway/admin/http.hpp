#pragma once
// The door for monitoring: GET /healthz, /readyz and /metrics over HTTP/1.1, one request per connection.
// Nothing of it changes anything, and nothing of it knows patients.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "gateway/admin/metrics.hpp"

namespace portcullis::admin {

/// Whether the gateway can do its work; if not, says why in a few words.
using Ready = std::function<bool(std::string& reason)>;

/// Connections beyond this many are closed at once.
inline constexpr std::size_t most_admin_connections = 32;

class HttpServer {
  public:
    /// Listens at once; port 0 takes any free one. Everything runs on a strand of the executor, `ready`
    /// included, so `ready` must not block. `metrics` and what `ready` looks at must live until the executor
    /// has run dry. Throws std::runtime_error with one line if it cannot listen.
    /// `deadline` is for a whole exchange, from accept to the last byte.
    HttpServer(boost::asio::any_io_executor executor, const std::string& address, std::uint16_t port,
               const Metrics& metrics, Ready ready,
               std::chrono::milliseconds deadline = std::chrono::seconds(10));
    /// Stops.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::uint16_t port() const;
    /// Stops accepting and closes what is open, soon; may be called from any thread, and again.
    void stop();

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace portcullis::admin
