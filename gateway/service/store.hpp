#pragma once
// The way of a C-STORE: bytes from the scanner, sealed as they come, to the archive. The last fragment waits
// until the envelope and the audit's intent are on disk, so that a crash at any moment neither loses an
// object nor leaves one that cannot be opened. What may have been sealed before is received whole first
// (intake.hpp); what was, passes as it is.

#include "gateway/image/open.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/service/held_header.hpp"
#include "gateway/service/ingress.hpp"
#include "gateway/service/intake.hpp"

namespace portcullis::service {

/// Why it is refused before its data set is looked at, if it is.
std::optional<NotStored> refusal_of_store(const dimse::Command& request, const policy::Judgement&);
/// Why policy refuses it, if it does.
std::optional<NotStored> refusal_by(const policy::Verdict&);
NotStored not_carried(const Uid& transfer_syntax);
/// How a request whose command set is complete is sealed.
image::SealParameters sealing_of(IngressSession&, const dimse::Command& request, const image::TransferSyntax&,
                                 std::uint64_t time_ms);

class StoreRequest final : public Inflow {
  public:
    StoreRequest(IngressSession& session, std::shared_ptr<Leg> archive, ContextId context,
                 dimse::Command request, Judged judged);

    /// Makes ready for the data set.
    net::Awaitable<Result<void>> begin();
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    const image::Identifiers& identifiers() const;
    bool names_another_instance();
    net::Awaitable<void> begin_as(const policy::Verdict& verdict);
    net::Awaitable<void> hold_header(ByteView bytes);
    net::Awaitable<void> end_header();
    net::Awaitable<void> decide();
    net::Awaitable<void> begin_sending();
    net::Awaitable<void> take(ByteView bytes);
    net::Awaitable<void> hold(ByteView bytes);
    net::Awaitable<void> judge();
    net::Awaitable<void> seal_held();
    net::Awaitable<void> send_held();
    net::Awaitable<void> push(ByteView bytes);
    net::Awaitable<void> abandon();
    Result<image::Sealed> finish_data_set();
    net::Awaitable<void> commit();
    net::Awaitable<ErrorCode> write(std::vector<journal::Entry> entries);
    net::Awaitable<Result<void>> answer_failure();
    journal::Entry foreign_block_warning() const;
    registry::Row row(const image::Sealed& sealed) const;
    std::vector<journal::Entry> intent(const image::Sealed& sealed);

    IngressSession& session_;
    std::shared_ptr<Leg> archive_;
    ContextId context_;
    dimse::Command request_;
    const Judged judged_;
    std::string rule_;  // that decided; empty until one has
    bool seal_ = false;
    Uid transfer_syntax_;
    std::optional<image::TransferSyntax> carried_;
    std::size_t at_once_ = 0;  // bytes, for push()
    // One of them reads the data set:
    std::unique_ptr<HeldHeader> header_;  // as long as what policy decides depends on it
    std::unique_ptr<Intake> intake_;      // until it is known how it is to be stored; what is sealed stays
    std::unique_ptr<image::Sealer> prepared_;  // from when the command has come
    std::unique_ptr<image::Sealer> sealer_;
    std::unique_ptr<image::Reader> reader_;  // where the policy lets the object pass in the clear
    std::shared_ptr<StoreInFlight> in_flight_ = std::make_shared<StoreInFlight>();
    std::optional<MessageId> upstream_;  // once the archive is told of it
    std::optional<Outgoing> outgoing_;
    std::optional<NotStored> failure_;
    bool archive_gone_ = false;
    std::uint64_t bytes_ = 0;
    net::Clock::time_point began_ = net::Clock::now();
};

}  // namespace portcullis::service
