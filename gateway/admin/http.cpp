#include "gateway/admin/http.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <set>
#include <stdexcept>

namespace portcullis::admin {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

constexpr auto await_error = asio::as_tuple(asio::deferred);
constexpr std::chrono::milliseconds breath{100};  // after an accept that failed
constexpr std::uint32_t most_header_bytes = 8192;

Response respond(http::status status, std::string body, const char* type = "text/plain; charset=utf-8") {
    Response response(status, 11);
    response.set(http::field::content_type, type);
    response.set(http::field::cache_control, "no-store");
    response.keep_alive(false);
    response.body() = std::move(body);
    response.prepare_payload();
    return response;
}

tcp::acceptor listen(const asio::any_io_executor& executor, const std::string& address, std::uint16_t port) {
    try {
        return {executor, tcp::endpoint(asio::ip::make_address(address), port)};
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("admin.listen: cannot listen at " + address + " port " +
                                 std::to_string(port) + ": " + error.code().message() +
                                 "; choose an address of this machine that is free");
    }
}

}  // namespace

struct HttpServer::Impl {
    Impl(const asio::any_io_executor& executor, const std::string& address, std::uint16_t port,
         const Metrics& counted, Ready asked, std::chrono::milliseconds allowed)
        : strand(asio::make_strand(executor)),
          acceptor(listen(strand, address, port)),
          bound(acceptor.local_endpoint().port()),
          metrics(counted),
          ready(std::move(asked)),
          deadline(allowed) {}

    Response answer(const Request& request) const {
        const std::string path(request.target().substr(0, request.target().find('?')));
        if (path != "/healthz" && path != "/readyz" && path != "/metrics")
            return respond(http::status::not_found, "not here; try /healthz, /readyz or /metrics\n");
        if (request.method() != http::verb::get) {
            Response refused = respond(http::status::method_not_allowed, "GET only\n");
            refused.set(http::field::allow, "GET");
            return refused;
        }
        if (path == "/metrics")
            return respond(http::status::ok, metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
        std::string reason;
        if (path == "/readyz" && !ready(reason))
            return respond(http::status::service_unavailable, reason + '\n');
        return respond(http::status::ok, "ok\n");
    }

    asio::strand<asio::any_io_executor> strand;
    tcp::acceptor acceptor;
    std::uint16_t bound;
    const Metrics& metrics;
    Ready ready;
    std::chrono::milliseconds deadline;
    std::size_t connections = 0;
    std::set<beast::tcp_stream*> open;
    bool stopped = false;
};

namespace {

/// Nothing, if there is nobody left to answer.
std::optional<Response> answer_for(const http::request_parser<http::empty_body>& parser, error_code error,
                                   const auto& server) {
    if (!error) return server.answer(parser.get());
    if (error == http::error::header_limit)
        return respond(http::status::request_header_fields_too_large, "the header is too large\n");
    if (error == http::error::body_limit || error == http::error::unexpected_body)
        return respond(http::status::payload_too_large, "no body is read\n");
    const bool is_from_parser = error.category() == make_error_code(http::error::bad_method).category();
    if (is_from_parser && error != http::error::end_of_stream && error != http::error::partial_message)
        return respond(http::status::bad_request, "not HTTP\n");
    return std::nullopt;
}

/// One request, one answer. The server is kept alive by its connections.
template <class Server>
asio::awaitable<void> serve(std::shared_ptr<Server> server, tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    server->open.insert(&stream);
    stream.expires_after(server->deadline);
    beast::flat_buffer buffer(2 * most_header_bytes);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(most_header_bytes);
    parser.body_limit(std::uint64_t{0});
    const auto [read_error, bytes_read] = co_await http::async_read(stream, buffer, parser, await_error);
    if (!server->stopped) {
        if (const auto response = answer_for(parser, read_error, *server)) {
            const auto [write_error, bytes_written] =
                co_await http::async_write(stream, *response, await_error);
            if (!write_error) {
                error_code ignored;
                stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
            }
        }
    }
    server->open.erase(&stream);
    --server->connections;
}

template <class Server>
asio::awaitable<void> accept(std::shared_ptr<Server> server) {
    asio::steady_timer timer(server->strand);
    while (!server->stopped) {
        auto [error, socket] = co_await server->acceptor.async_accept(await_error);
        if (server->stopped) break;
        if (error) {  // out of descriptors, perhaps: others need the processor meanwhile
            timer.expires_after(breath);
            co_await timer.async_wait(await_error);
        } else if (server->connections < most_admin_connections) {
            ++server->connections;
            asio::co_spawn(server->strand, serve(server, std::move(socket)), asio::detached);
        }
    }
}

}  // namespace

HttpServer::HttpServer(asio::any_io_executor executor, const std::string& address, std::uint16_t port,
                       const Metrics& metrics, Ready ready, std::chrono::milliseconds deadline)
    : impl_(std::make_shared<Impl>(executor, address, port, metrics, std::move(ready), deadline)) {
    asio::co_spawn(impl_->strand, accept(impl_), asio::detached);
}

HttpServer::~HttpServer() {
    stop();
}

std::uint16_t HttpServer::port() const {
    return impl_->bound;
}

void HttpServer::stop() {
    asio::post(impl_->strand, [server = impl_] {
        server->stopped = true;
        error_code ignored;
        server->acceptor.close(ignored);
        for (auto* stream : server->open) stream->cancel();
    });
}

}  // namespace portcullis::admin
