#include "gateway/scu/destination.hpp"

#include "gateway/scu/conversation.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::scu {

namespace {

// PS3.8 table 9-21: rejected for good by the service user.
constexpr ul::AssociateRj called_title_not_recognized{1, 1, 7};

/// Counts as long as it lives.
class Serving {
  public:
    explicit Serving(std::size_t& count) : count_(count) { ++count_; }
    Serving(const Serving&) = delete;
    ~Serving() { --count_; }

  private:
    std::size_t& count_;
};

}  // namespace

Destination::Destination(boost::asio::any_io_executor executor, const Settings& settings,
                         const Archive& archive, const portcullis::Listener& where,
                         std::shared_ptr<const tls::Context> tls, const Call& call, Open& open)
    : settings_(settings),
      archive_(archive),
      tls_(std::move(tls)),
      call_(call),
      open_(open),
      listener_(
          executor, net::only_on(executor), where.address, where.port,
          std::make_shared<net::Admission>(settings.limits.associations, settings.limits.per_peer),
          [this](net::Stream stream, IpAddress address) { return serve(std::move(stream), address); },
          [](const IpAddress&) {}) {
    listener_.start();
}

net::Awaitable<void> Destination::serve(net::Stream stream, IpAddress address) {
    if (tls_) {
        const auto secured = co_await stream.secure(tls_, call_.timeouts.artim);
        if (!secured) co_return;
    }
    ul::DecodeLimits limits;
    limits.p_data = call_.pdu;
    auto requested = co_await net::Association::await_request(std::move(stream), call_.timeouts, limits);
    if (!requested) co_return;
    const auto association = std::move(*requested);
    open_.add(association);
    const auto& proposal = association->proposal();
    const auto certificate = association->certificate();
    if (!receiver_ || settings_.archive_delivering(
                          proposal.called, {proposal.calling, address, certificate.get()}) != &archive_) {
        co_await association->reject(called_title_not_recognized);
        co_return;
    }
    const Serving serving(serving_);
    co_await receive(association, *receiver_);
}

net::Awaitable<void> Destination::receive(std::shared_ptr<net::Association> association, Receiver& receiver) {
    const auto& proposal = association->proposal();
    const ul::ChooseTransferSyntax chosen = [&](const ul::ProposedContext& context) {
        return choose(receiver.choice(), proposal, context);
    };
    auto answer = ul::accept(proposal, ul::own_identity(call_.pdu), chosen);
    if (!co_await association->accept(std::move(answer))) co_return;
    const auto leg = net::Leg::make(association, call_.pdu);
    if (!leg) {
        co_await association->abort({2, ul::abort_reason(leg.error())});
        co_return;
    }
    association->set_read_deadline(call_.patience);
    Conversation conversation(**leg, &receiver, call_.patience);
    bool in_message = false;
    const auto ended = co_await net::pump(**leg, conversation, in_message);
    if (ended) {
        co_await association->confirm_release();
    } else {
        co_await association->abort({2, ul::abort_reason(ended.error())});
    }
}

}  // namespace portcullis::scu
