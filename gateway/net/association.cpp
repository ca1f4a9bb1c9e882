#include "gateway/net/association.hpp"

#include <algorithm>

#include "gateway/net/error.hpp"
#include "gateway/tls/error.hpp"
#include "gateway/ul/encode.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::net {

namespace {

constexpr std::uint8_t service_provider = 2;       // PS3.8 table 9-26
constexpr std::uint8_t reason_unexpected_pdu = 2;  // PS3.8 table 9-26
constexpr std::size_t first_buffer = 16 * 1024;    // enough for most association requests

ul::Event event_of(const ul::Pdu& pdu) {
    struct Visitor {
        ul::Event operator()(const ul::AssociateRq&) { return ul::Event::associate_rq_received; }
        ul::Event operator()(const ul::AssociateAc&) { return ul::Event::associate_ac_received; }
        ul::Event operator()(const ul::AssociateRj&) { return ul::Event::associate_rj_received; }
        ul::Event operator()(const ul::PData&) { return ul::Event::data_received; }
        ul::Event operator()(const ul::ReleaseRq&) { return ul::Event::release_rq_received; }
        ul::Event operator()(const ul::ReleaseRp&) { return ul::Event::release_rp_received; }
        ul::Event operator()(const ul::Abort&) { return ul::Event::abort_received; }
    };
    return std::visit(Visitor{}, pdu);
}

/// What a stream says, not a decoder.
bool is_of_transport(const ErrorCode& error) {
    return error.category() == ErrorCode(errc::closed).category() || tls::is_tls(error);
}

}  // namespace

Association::Association(Stream stream, Timeouts timeouts, ul::DecodeLimits limits)
    : stream_(std::move(stream)), timeouts_(timeouts), limits_(limits) {
    stream_.set_write_timeout(timeouts_.write);
}

std::uint32_t Association::peer_maximum_length() const {
    return requestor_ ? answer_->user.maximum_length : proposal_->user.maximum_length;
}

/// Moves to the next state, or stays where the table has no cell.
std::optional<ul::Transition> Association::fire(ul::Event event) {
    const auto cell = ul::transition(state_, event);
    if (!cell) return cell;
    state_ = cell->action == ul::Action::ar8 && !requestor_ ? cell->alternative : cell->next;
    return cell;
}

Awaitable<Result<std::shared_ptr<Association>>> Association::await_request(Stream stream, Timeouts timeouts,
                                                                           ul::DecodeLimits limits) {
    auto association = std::make_shared<Association>(std::move(stream), timeouts, limits);
    association->fire(ul::Event::transport_indication);
    association->set_read_deadline(timeouts.artim);
    auto pdu = co_await association->next_pdu();
    if (!pdu) co_return pdu.error();
    association->proposal_ = std::get<ul::AssociateRq>(std::move(*pdu));
    association->set_read_deadline(std::nullopt);
    co_return association;
}

Awaitable<Result<std::shared_ptr<Association>>> Association::request(
    std::string host, std::uint16_t port, ul::AssociateRq request, Timeouts timeouts, ul::DecodeLimits limits,
    ul::AssociateRj* rejection, std::shared_ptr<const tls::Context> tls) {
    auto stream = co_await Stream::connect(std::move(host), port, timeouts.connect);
    if (!stream) co_return stream.error();
    if (tls) {
        const auto secured = co_await stream->secure(std::move(tls), timeouts.connect);
        if (!secured) co_return secured.error();
    }
    auto association = std::make_shared<Association>(std::move(*stream), timeouts, limits);
    association->requestor_ = true;
    association->fire(ul::Event::associate_request);
    association->fire(ul::Event::transport_confirmed);
    association->proposal_ = std::move(request);
    association->set_read_deadline(timeouts.connect);
    const ul::Pdu proposal = *association->proposal_;
    if (const auto sent = co_await association->write(proposal); !sent) co_return sent.error();
    auto pdu = co_await association->next_pdu();
    if (!pdu) co_return pdu.error();
    if (const auto* refusal = std::get_if<ul::AssociateRj>(&*pdu)) {
        if (rejection) *rejection = *refusal;
        association->close();
        co_return ErrorCode(errc::rejected);
    }
    association->answer_ = std::get<ul::AssociateAc>(std::move(*pdu));
    association->set_read_deadline(std::nullopt);
    co_return association;
}

Awaitable<Result<void>> Association::accept(ul::AssociateAc answer) {
    if (!fire(ul::Event::associate_accept)) co_return ErrorCode(errc::not_established);
    answer_ = std::move(answer);
    const ul::Pdu pdu = *answer_;
    co_return co_await write(pdu);
}

Awaitable<void> Association::reject(ul::AssociateRj rejection) {
    if (!fire(ul::Event::associate_reject)) co_return;
    const ul::Pdu pdu = rejection;
    if (co_await write(pdu)) co_await farewell();
    close();
}

Awaitable<Result<Association::Incoming>> Association::receive() {
    auto pdu = co_await next_pdu();
    if (!pdu) co_return pdu.error();
    if (auto* data = std::get_if<ul::PData>(&*pdu)) co_return Incoming(std::move(*data));
    if (std::holds_alternative<ul::ReleaseRq>(*pdu)) co_return Incoming(ReleaseRequested{});
    close();
    co_return Incoming(Released{});
}

Awaitable<Result<void>> Association::send(ByteView p_data_pdus) {
    if (!fire(ul::Event::data_request)) co_return ErrorCode(errc::not_established);
    co_return co_await write_bytes(p_data_pdus);
}

Awaitable<void> Association::request_release() {
    if (!fire(ul::Event::release_request)) co_return;
    set_read_deadline(timeouts_.artim);
    const ul::Pdu request = ul::ReleaseRq{};
    if (!co_await write(request)) close();
}

Awaitable<void> Association::release() {
    co_await request_release();
    bool waiting = state_ == ul::State::sta7;
    while (waiting) {
        const auto incoming = co_await receive();
        waiting = incoming && std::holds_alternative<ul::PData>(*incoming);
    }
    close();
}

Awaitable<void> Association::confirm_release() {
    if (!fire(ul::Event::release_response)) co_return;
    const ul::Pdu response = ul::ReleaseRp{};
    if (co_await write(response)) co_await farewell();
    close();
}

Awaitable<void> Association::abort(ul::Abort why) {
    if (!fire(ul::Event::abort_request)) {
        close();
        co_return;
    }
    const ul::Pdu pdu = why;
    if (!co_await write(pdu)) close();
    stream_.shutdown_send();
    set_read_deadline(farewell_time());
    if (reading_) co_return;  // the reader sees the end
    co_await farewell();
    close();
}

/// The next PDU that the state machine admits. What it does not admit is answered as table 9-10 says; a
/// release collision (AR-8 to AR-10) is settled here.
Awaitable<Result<ul::Pdu>> Association::next_pdu() {
    for (;;) {
        if (state_ == ul::State::sta1 || leaving_) co_return ErrorCode(errc::not_established);
        const auto bytes = co_await read_pdu();
        if (!bytes && is_of_transport(bytes.error())) co_return bytes.error();
        if (!bytes)
            co_return co_await refuse(ul::Event::invalid_pdu_received, ul::abort_reason(bytes.error()));
        auto pdu = ul::decode(*bytes);
        if (!pdu) co_return co_await refuse(ul::Event::invalid_pdu_received, ul::abort_reason(pdu.error()));
        const auto cell = fire(event_of(*pdu));
        if (!cell) co_return co_await refuse(ul::Event::invalid_pdu_received, reason_unexpected_pdu);
        switch (cell->action) {
            case ul::Action::aa1:
            case ul::Action::aa7:
            case ul::Action::aa8:
                co_return co_await refuse(std::nullopt, reason_unexpected_pdu);
            case ul::Action::aa2:
            case ul::Action::aa3:
                close();
                co_return ErrorCode(errc::aborted);
            case ul::Action::aa6:
                continue;
            case ul::Action::ar8:
            case ul::Action::ar10:
                co_await answer_collision();
                continue;
            default:
                co_return pdu;
        }
    }
}

/// Both sides asked for the release: each answers the other, the requestor of the association first
/// (PS3.8 9.2.3).
Awaitable<void> Association::answer_collision() {
    if (state_ == ul::State::sta10 || !fire(ul::Event::release_response)) co_return;
    const ul::Pdu response = ul::ReleaseRp{};
    co_await write(response);
}

/// Looks at the first six bytes before anything is allocated for the rest.
Awaitable<Result<ByteView>> Association::read_pdu() {
    std::size_t wanted = ul::pdu_header_size;
    for (;;) {
        if (end_ - begin_ >= ul::pdu_header_size) {
            const std::span<const std::uint8_t, ul::pdu_header_size> first(buffer_.data() + begin_,
                                                                           ul::pdu_header_size);
            const auto header = ul::decode_header(first, limits_);
            if (!header) co_return header.error();
            wanted = ul::pdu_header_size + header->length;
        }
        if (end_ - begin_ >= wanted) break;
        if (begin_ > 0) {
            std::copy(buffer_.begin() + begin_, buffer_.begin() + end_, buffer_.begin());
            end_ -= begin_;
            begin_ = 0;
        }
        if (buffer_.size() < std::max(wanted, first_buffer)) buffer_.resize(std::max(wanted, first_buffer));
        reading_ = true;
        const auto count = co_await stream_.read_some(MutableByteView(buffer_).subspan(end_));
        reading_ = false;
        if (!count) {
            fire(ul::Event::transport_closed);
            co_return count.error();
        }
        end_ += *count;
    }
    const ByteView pdu(buffer_.data() + begin_, wanted);
    begin_ += wanted;
    co_return pdu;
}

Awaitable<Result<void>> Association::write(const ul::Pdu& pdu) {
    Bytes encoded;
    ul::encode(pdu, encoded);
    co_return co_await write_bytes(encoded);
}

/// One at a time: a PDU that would have to be put between the parts of another ends the connection instead.
Awaitable<Result<void>> Association::write_bytes(ByteView bytes) {
    if (writing_) close();
    if (writing_ || broken_) co_return ErrorCode(errc::closed);
    writing_ = true;
    const auto sent = co_await stream_.write(bytes);
    writing_ = false;
    broken_ = !sent;  // what the peer said before may still be read
    co_return sent;
}

/// Says A-ABORT and closes; `event`, if given, is what the state machine has not heard of yet.
Awaitable<ErrorCode> Association::refuse(std::optional<ul::Event> event, std::uint8_t reason) {
    if (event) fire(*event);
    const ul::Pdu abort = ul::Abort{service_provider, reason};
    if (co_await write(abort)) co_await farewell();
    close();
    state_ = ul::State::sta1;
    co_return ErrorCode(errc::refused_pdu);
}

Clock::duration Association::farewell_time() const {
    return std::min<Clock::duration>(timeouts_.artim, std::chrono::seconds(5));
}

/// Sta13: what the peer still sends is dropped, until it closes or the ARTIM timer expires.
Awaitable<void> Association::farewell() {
    leaving_ = true;
    co_await stream_.farewell(farewell_time());
}

}  // namespace portcullis::net
