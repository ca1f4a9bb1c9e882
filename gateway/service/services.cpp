#include "gateway/service/services.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>

#include "gateway/admin/log.hpp"
#include "gateway/dimse/hex.hpp"
#include "gateway/net/threads.hpp"
#include "gateway/tls/error.hpp"

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
    services.journal.append({services.scribe.entry(std::move(record))}, {});
}

audit::Record association_record(const std::string& outcome, const net::Association& association,
                                 const IpAddress& address) {
    audit::Record record("association", {{"outcome", outcome},
                                         {"calling_ae", association.proposal().calling.str()},
                                         {"called_ae", association.proposal().called.str()},
                                         {"address", address.str()}});
    if (const auto certificate = association.certificate()) {
        record.values.emplace_back("certificate", certificate->fingerprint);
        record.values.emplace_back("subject", certificate->subject);
    }
    return record;
}

void note_if_tls(Services& services, const std::string& side, const std::string& who,
                 const ErrorCode& error) {
    if (!tls::is_failure(error)) return;
    note(services, audit::Record("failure", {{"reason", std::string("tls")},
                                             {"side", side},
                                             {side == "caller"    ? "address"
                                              : side == "archive" ? "archive"
                                                                  : "peer",
                                              who},
                                             {"detail", error.message()}}));
}

void note_fault(Services& services, const std::string& what) {
    admin::log(admin::Level::error, "session-failed", {{"detail", what}});
    note(services, audit::Record("failure", {{"detail", what}}));
}

BeingWritten::BeingWritten(const asio::any_io_executor& executor, journal::Journal& journal,
                           std::vector<journal::Entry> entries)
    : state_(std::make_shared<State>(executor)) {
    // The journal calls from its own thread.
    journal.append(std::move(entries), [state = state_, executor](ErrorCode error) {
        asio::post(executor, [state, error] {
            state->error = error;
            state->known.raise();
        });
    });
}

net::Awaitable<ErrorCode> BeingWritten::outcome() {
    const auto state = state_;
    co_await state->known.wait();
    co_return state->error;
}

net::Awaitable<ErrorCode> make_durable(journal::Journal& journal, std::vector<journal::Entry> entries) {
    if (net::Threads::serves_one())
        if (const auto written = journal.write_now(entries)) co_return *written;
    BeingWritten written(co_await asio::this_coro::executor, journal, std::move(entries));
    co_return co_await written.outcome();
}

net::Awaitable<ErrorCode> make_durable(Services& services, audit::Record record) {
    std::vector<journal::Entry> entries;
    entries.push_back(services.scribe.entry(std::move(record)));
    return make_durable(services.journal, std::move(entries));
}

std::string hex(std::uint16_t status) {
    return dimse::hex(status);
}

}  // namespace portcullis::service
