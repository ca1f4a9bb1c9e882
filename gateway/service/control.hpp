#pragma once
// The door for whoever may administer the gateway that runs: a socket in the file system, beside the journal,
// that the gateway's own user and root can open and nobody else. One line of JSON in, one out, and the end.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "gateway/net/stream.hpp"
#include "gateway/settings.hpp"

namespace portcullis::service {

/// Where the gateway of this configuration has it.
std::filesystem::path control_path(const Settings&);

class ControlSocket {
  public:
    /// What is answered to a line, and who asks: a user's number.
    using Answer = std::function<net::Awaitable<std::string>(std::string line, std::uint32_t uid)>;

    /// Listens at once, with mode 0600; what an earlier gateway left there goes. Throws std::runtime_error
    /// with one line if it cannot. `deadline` is for each line.
    ControlSocket(boost::asio::any_io_executor executor, const std::filesystem::path& path, Answer answer,
                  std::chrono::milliseconds deadline = std::chrono::seconds(10));
    /// Stops, and removes it.
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;
    /// Closes it and what is open, soon; may be called from any thread, and again.
    void stop();

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// What the running gateway of this configuration answers to a line. Throws std::runtime_error with one line
/// if none answers.
std::string ask_running(const Settings&, const std::string& line);

}  // namespace portcullis::service
