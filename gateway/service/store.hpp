#pragma once
// The way of a C-STORE: bytes from the scanner, sealed as they come, to the archive. The last fragment waits
// until the envelope and the audit's intent are on disk, so that a crash at any moment neither loses an
// object nor leaves one that cannot be opened.

#include "gateway/image/open.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/service/ingress.hpp"

namespace portcullis::service {

class StoreRequest final : public Inflow {
  public:
    StoreRequest(IngressSession& session, std::shared_ptr<Leg> archive, ContextId context,
                 dimse::Command request, const policy::Verdict& verdict);

    /// Sends the command to the archive.
    net::Awaitable<Result<void>> begin();
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    struct Failure {
        std::uint16_t status;
        std::string reason;
        std::string detail;
    };

    const image::Identifiers& identifiers() const;
    bool names_another_instance();
    void fail(ErrorCode error, const std::string& detail);
    net::Awaitable<void> push(ByteView bytes);
    net::Awaitable<void> abandon();
    net::Awaitable<void> commit();
    net::Awaitable<Result<void>> answer_failure();
    registry::Row row(const image::Sealed& sealed) const;
    std::vector<journal::Entry> intent(const image::Sealed& sealed);

    IngressSession& session_;
    std::shared_ptr<Leg> archive_;
    ContextId context_;
    dimse::Command request_;
    std::string rule_;
    bool seal_;
    Uid transfer_syntax_;
    std::size_t at_once_ = 0;  // bytes, for push()
    std::unique_ptr<image::Sealer> sealer_;
    std::unique_ptr<image::Reader> reader_;  // where the policy lets the object pass in the clear
    std::shared_ptr<StoreInFlight> in_flight_ = std::make_shared<StoreInFlight>();
    MessageId upstream_{};
    std::optional<Outgoing> outgoing_;
    std::optional<Failure> failure_;
    bool archive_gone_ = false;
    std::uint64_t bytes_ = 0;
    net::Clock::time_point began_ = net::Clock::now();
};

}  // namespace portcullis::service
