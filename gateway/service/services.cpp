#include "gateway/service/services.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "gateway/admin/log.hpp"
#include "gateway/dimse/hex.hpp"

namespace portcullis::service {

namespace asio = boost::asio;

ul::Identity gateway_identity(const Settings& settings) {
    return ul::own_identity(settings.limits.pdu);
}

net::Timeouts Services::timeouts() const {
    return {settings.limits.artim, settings.limits.write, settings.limits.connect};
}

ul::DecodeLimits Services::decode_limits() const {
    ul::DecodeLimits limits;
    limits.p_data = settings.limits.pdu;
    return limits;
}

std::uint64_t now_ms() {
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

void note(Services& services, audit::Record record) {
    services.journal.append({audit::entry(record)}, {});
}

void note_fault(Services& services, const std::string& what) {
    admin::log(admin::Level::error, "session-failed", {{"detail", what}});
    note(services, audit::Record("failure", {{"detail", what}}));
}

net::Awaitable<ErrorCode> make_durable(journal::Journal& journal, std::vector<journal::Entry> entries) {
    auto initiate = [&journal](auto handler, std::vector<journal::Entry> written) {
        // The journal calls from its own thread: back to the session's strand, which must not run out of work
        // meanwhile.
        auto executor =
            asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        journal.append(std::move(written), [waiting, executor](ErrorCode error) {
            asio::post(executor, [waiting, error] { (*waiting)(error); });
        });
    };
    const auto [error] =
        co_await asio::async_initiate<const asio::as_tuple_t<asio::use_awaitable_t<>>, void(ErrorCode)>(
            initiate, asio::as_tuple(asio::use_awaitable), std::move(entries));
    co_return error;
}

net::Awaitable<ErrorCode> make_durable(journal::Journal& journal, audit::Record record) {
    std::vector<journal::Entry> entries;
    entries.push_back(audit::entry(record));
    return make_durable(journal, std::move(entries));
}

std::string hex(std::uint16_t status) {
    return dimse::hex(status);
}

}  // namespace portcullis::service
