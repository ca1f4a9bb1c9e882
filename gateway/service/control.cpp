#include "gateway/service/control.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <cerrno>
#include <optional>
#include <set>
#include <stdexcept>

namespace portcullis::service {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::local::stream_protocol;
using Stream = boost::beast::basic_stream<stream_protocol>;

namespace {

constexpr auto await_error = asio::as_tuple(asio::deferred);
constexpr std::size_t most_connections = 8;       // that are open at a time
constexpr std::size_t longest_line = 16 * 1024;   // bytes
constexpr std::chrono::milliseconds breath{100};  // after an accept that failed
constexpr std::chrono::seconds patience{30};      // with a gateway that is asked

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
    throw std::runtime_error(path.string() + ": " + what);
}

stream_protocol::endpoint endpoint_at(const fs::path& path) {
    try {
        return {path.string()};
    } catch (const boost::system::system_error&) {
        fail(path, "is too long for the path of a socket; give audit.log a shorter one");
    }
}

/// A socket gets the mode when it is bound: nobody else can come before.
stream_protocol::acceptor listen(const asio::any_io_executor& executor, const fs::path& path) {
    const auto endpoint = endpoint_at(path);
    std::error_code ignored;
    fs::remove(path, ignored);
    stream_protocol::acceptor acceptor(executor, endpoint.protocol());
    ErrorCode error;
    if (::fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR) != 0)
        error = ErrorCode(errno, boost::system::system_category());
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) fail(path, "cannot listen: " + error.message());
    return acceptor;
}

/// Nobody, if the kernel does not say, or if it is neither the gateway's own user nor root.
std::optional<std::uint32_t> asking_user(Stream& stream) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(stream.socket().native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return std::nullopt;
    if (credentials.uid != 0 && credentials.uid != ::geteuid()) return std::nullopt;
    return credentials.uid;
}

}  // namespace

fs::path control_path(const Settings& settings) {
    return settings.journal / "control";
}

struct ControlSocket::Impl {
    Impl(const asio::any_io_executor& executor, fs::path where, Answer answering,
         std::chrono::milliseconds allowed)
        : strand(asio::make_strand(executor)),
          path(std::move(where)),
          acceptor(listen(strand, path)),
          answer(std::move(answering)),
          deadline(allowed) {}

    class Connection;
    static asio::awaitable<void> serve(std::shared_ptr<Impl> server, stream_protocol::socket socket);
    static asio::awaitable<void> accept(std::shared_ptr<Impl> server);

    asio::strand<asio::any_io_executor> strand;
    const fs::path path;
    stream_protocol::acceptor acceptor;
    const Answer answer;
    const std::chrono::milliseconds deadline;
    std::size_t connections = 0;
    std::set<Stream*> open;
    bool stopped = false;
};

/// One of the connections that there may be, as long as it lives.
class ControlSocket::Impl::Connection {
  public:
    Connection(Impl& server, Stream& stream) : server_(server), stream_(stream) {
        server.open.insert(&stream);
    }
    ~Connection() {
        server_.open.erase(&stream_);
        --server_.connections;
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

  private:
    Impl& server_;
    Stream& stream_;
};

asio::awaitable<void> ControlSocket::Impl::serve(std::shared_ptr<Impl> server,
                                                 stream_protocol::socket socket) {
    Stream stream(std::move(socket));
    const Connection connection(*server, stream);
    const auto user = asking_user(stream);
    stream.expires_after(server->deadline);
    std::string line;
    const auto [error, length] =
        co_await asio::async_read_until(stream, asio::dynamic_buffer(line, longest_line), '\n', await_error);
    if (!error && user && !server->stopped) {
        line.resize(length - 1);
        auto answering = server->answer(std::move(line), *user);
        auto answer = co_await std::move(answering);
        answer.push_back('\n');
        stream.expires_after(server->deadline);
        co_await asio::async_write(stream, asio::buffer(answer), await_error);
    }
}

asio::awaitable<void> ControlSocket::Impl::accept(std::shared_ptr<Impl> server) {
    asio::steady_timer timer(server->strand);
    while (!server->stopped) {
        auto [error, socket] = co_await server->acceptor.async_accept(await_error);
        if (server->stopped) break;
        if (error) {  // out of descriptors, perhaps: others need the processor meanwhile
            timer.expires_after(breath);
            co_await timer.async_wait(await_error);
        } else if (server->connections < most_connections) {
            ++server->connections;
            asio::co_spawn(server->strand, serve(server, std::move(socket)), asio::detached);
        }
    }
}

ControlSocket::ControlSocket(asio::any_io_executor executor, const fs::path& path, Answer answer,
                             std::chrono::milliseconds deadline)
    : impl_(std::make_shared<Impl>(executor, path, std::move(answer), deadline)) {
    asio::co_spawn(impl_->strand, Impl::accept(impl_), asio::detached);
}

ControlSocket::~ControlSocket() {
    stop();
    std::error_code ignored;
    fs::remove(impl_->path, ignored);
}

void ControlSocket::stop() {
    asio::post(impl_->strand, [server = impl_] {
        server->stopped = true;
        ErrorCode ignored;
        server->acceptor.close(ignored);
        for (auto* stream : server->open) stream->cancel();
    });
}

std::string ask_running(const Settings& settings, const std::string& line) {
    const auto path = control_path(settings);
    stream_protocol::iostream gateway;
    gateway.expires_after(patience);
    gateway.connect(endpoint_at(path));
    if (!gateway)
        fail(path, "no gateway answers: " + gateway.error().message() +
                       "; start it with portcullis run, or ask as its user or as root");
    gateway << line << '\n' << std::flush;
    std::string answer;
    if (!std::getline(gateway, answer)) fail(path, "the gateway did not answer; look at its log");
    return answer;
}

}  // namespace portcullis::service
