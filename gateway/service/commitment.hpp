#pragma once
// Storage Commitment (PS3.4 annex J). The gateway never commits itself: it asks the archive for the scanner,
// once the archive has the objects, keeps who asked, and hands the result on, whether it comes on the
// association of the request or on one of the archive's own.

#include "gateway/image/commitment.hpp"
#include "gateway/service/egress.hpp"
#include "gateway/service/ingress.hpp"
#include "gateway/service/relay.hpp"

namespace portcullis::service {

/// Why a result is refused.
inline constexpr std::string_view malformed_result = "malformed result";
inline constexpr std::string_view not_asked_for = "nobody asked for this";

/// The data set of a request or a result, held while it comes.
class CommitmentData {
  public:
    explicit CommitmentData(const Uid& transfer_syntax) : transfer_syntax_(transfer_syntax) {}
    void take(ByteView fragment);
    /// Nothing if it is malformed or too long.
    std::optional<image::Commitment> read() const;
    const Bytes& bytes() const { return bytes_; }

  private:
    Uid transfer_syntax_;
    Bytes bytes_;
    bool too_long_ = false;
};

/// Adds to an audit record which transaction it was, and of how many instances.
void describe(const image::CommitmentSummary&, audit::Record& record);

/// A request of a scanner. It waits until the archive has answered for those of its objects that are on their
/// way through this gateway.
class CommitmentRequest final : public Inflow {
  public:
    CommitmentRequest(IngressSession& session, ContextId context, dimse::Command request, std::string rule);
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    net::Awaitable<ErrorCode> await_stores();
    bool taken_by_another() const;
    net::Awaitable<ErrorCode> keep();
    net::Awaitable<Result<void>> forward();
    net::Awaitable<Result<void>> refuse(std::uint16_t status, std::string reason);

    IngressSession& session_;
    ContextId context_;
    dimse::Command request_;
    std::string rule_;
    CommitmentData data_;
    std::optional<image::Commitment> asked_;
};

/// A result that comes on an association of the scanner's, where it belongs to whoever asked.
class PassingResult final : public Inflow {
  public:
    PassingResult(IngressSession& session, Leg& archive, ContextId context, dimse::Command report);
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    bool was_asked(const image::Commitment&) const;
    net::Awaitable<Result<void>> refuse(const std::optional<image::Commitment>& result);

    IngressSession& session_;
    Leg& archive_;
    ContextId context_;
    dimse::Command report_;
    CommitmentData data_;
};

/// A result that comes on an association of the archive's own: it goes to the scanner that asked, on one that
/// the gateway opens for it.
class ArrivingResult final : public Inflow {
  public:
    ArrivingResult(EgressSession& session, ContextId context, dimse::Command report);
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    struct Refusal {
        std::uint16_t status;
        std::string reason;  // a few words, also for the archive
        std::string detail;
    };

    std::optional<Refusal> judge();
    net::Awaitable<Result<dimse::Command>> deliver();
    ul::AssociateRq proposal() const;
    audit::Record record(const std::string& event) const;
    net::Awaitable<Result<void>> refuse(Refusal refusal);

    EgressSession& session_;
    ContextId context_;
    dimse::Command report_;
    CommitmentData data_;
    std::optional<image::Commitment> result_;
    std::optional<registry::Commitment> asked_;
    std::string rule_;
    std::shared_ptr<const Access> access_;   // by which it is decided
    const policy::Peer* scanner_ = nullptr;  // of that
};

}  // namespace portcullis::service
