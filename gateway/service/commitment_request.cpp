// A Storage Commitment Request on its way to the archive.

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/net/error.hpp"
#include "gateway/service/commitment.hpp"

namespace portcullis::service {

namespace asio = boost::asio;
namespace status = dimse::status;

namespace {
constexpr std::chrono::milliseconds look_again{20};  // while waiting for stores
}

CommitmentRequest::CommitmentRequest(IngressSession& session, ContextId context, dimse::Command request,
                                     std::string rule)
    : session_(session),
      context_(context),
      request_(std::move(request)),
      rule_(std::move(rule)),
      data_(session.scanner().context(context)->transfer_syntax) {}

net::Awaitable<Result<void>> CommitmentRequest::data(ByteView fragment) {
    data_.take(fragment);
    co_return Result<void>();
}

net::Awaitable<Result<void>> CommitmentRequest::end() {
    asked_ = data_.read();
    if (!asked_) co_return co_await refuse(status::invalid_argument_value, "malformed request");
    const auto unanswered = co_await await_stores();
    if (unanswered == net::errc::timed_out)
        co_return co_await refuse(status::resource_limitation, "stores not answered in time");
    if (unanswered) co_return unanswered;
    if (taken_by_another())
        co_return co_await refuse(status::duplicate_invocation, "transaction of another scanner");
    if (co_await keep()) co_return co_await refuse(status::resource_limitation, "journal");
    co_return co_await forward();
}

/// The archive must not be asked for what it cannot have yet. Errors: errc::timed_out, and errc::closed if
/// stores of this association will never be answered.
net::Awaitable<ErrorCode> CommitmentRequest::await_stores() {
    const auto& stores = session_.traffic().stores;
    const auto deadline = net::Clock::now() + session_.services().settings.limits.response;
    auto waiting = asked_->referenced;
    std::sort(waiting.begin(), waiting.end());
    waiting.erase(std::unique(waiting.begin(), waiting.end()), waiting.end());
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        std::erase_if(waiting, [&](const Uid& instance) { return !stores.contains(instance); });
        if (waiting.empty()) co_return ErrorCode();
        if (!session_.all_pending().empty() && !session_.present_archive_leg()) co_return net::errc::closed;
        if (net::Clock::now() >= deadline) co_return net::errc::timed_out;
        timer.expires_after(look_again);
        co_await timer.async_wait(asio::as_tuple(asio::deferred));
    }
}

/// Two that the archive cannot tell apart must not take each other's results, nor keep them from each other.
bool CommitmentRequest::taken_by_another() const {
    const auto known = session_.services().registry.find_commitment(session_.archive().name,
                                                                    asked_->transaction, session_.known_as());
    return known && (known->scanner != session_.calling() || known->address != session_.address());
}

net::Awaitable<ErrorCode> CommitmentRequest::keep() {
    auto record = session_.record("commitment", request_);
    record.values.emplace_back("phase", std::string("intent"));
    record.values.emplace_back("rule", rule_);
    describe(*asked_, record);
    const auto access = session_.services().access.get();
    const auto* peer =
        access->policy.recognise(session_.calling(), session_.address(), session_.certificate());
    std::vector<journal::Entry> entries;
    entries.push_back(
        registry::asked({asked_->transaction, session_.archive().name, session_.calling(), session_.called(),
                         session_.known_as(), session_.address(), now_ms(), peer ? peer->name : ""}));
    entries.push_back(session_.services().scribe.entry(std::move(record)));
    co_return co_await make_durable(session_.services().journal, std::move(entries));
}

net::Awaitable<Result<void>> CommitmentRequest::forward() {
    auto leg = co_await session_.archive_leg();
    if (!leg) co_return leg.error();
    Pending pending{context_, request_, rule_, nullptr, nullptr};
    pending.commitment = *asked_;
    const auto upstream = session_.add_pending(std::move(pending));
    if (!upstream) co_return co_await refuse(status::resource_limitation, "too many requests in flight");
    request_.set(dimse::Element::message_id, static_cast<std::uint16_t>(*upstream));
    co_return co_await (*leg)->send(context_, std::move(request_), data_.bytes());
}

net::Awaitable<Result<void>> CommitmentRequest::refuse(std::uint16_t code, std::string reason) {
    return session_.refuse(context_, request_, code, std::move(reason), rule_);
}

}  // namespace portcullis::service
