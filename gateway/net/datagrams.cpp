#include "gateway/net/datagrams.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>

#include "gateway/net/error.hpp"

namespace portcullis::net {

namespace asio = boost::asio;
using asio::ip::udp;
constexpr auto tuple = asio::as_tuple(asio::deferred);

Awaitable<Result<Datagrams>> Datagrams::towards(std::string host, std::uint16_t port) {
    const auto executor = co_await asio::this_coro::executor;
    udp::resolver resolver(executor);
    const auto [unresolved, addresses] = co_await resolver.async_resolve(host, std::to_string(port), tuple);
    if (unresolved) co_return ErrorCode(errc::unreachable);
    udp::socket socket(executor);
    const auto [error, endpoint] = co_await asio::async_connect(socket, addresses, tuple);
    if (error) co_return ErrorCode(errc::unreachable);
    co_return Datagrams(std::move(socket));
}

Awaitable<Result<void>> Datagrams::send(ByteView bytes) {
    const auto [error, count] = co_await socket_.async_send(asio::buffer(bytes.data(), bytes.size()), tuple);
    if (error) co_return ErrorCode(errc::unreachable);
    co_return Result<void>();
}

bool Datagrams::is_refused() {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0;
}

}  // namespace portcullis::net
