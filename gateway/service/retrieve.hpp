#pragma once
// C-MOVE and C-GET between a viewer and an archive: who may have what, where it goes, and counts that are
// true.

#include "gateway/service/ingress.hpp"

namespace portcullis::service {

/// Takes the Identifier of the request, lets the policy decide, and sends the request on: a C-MOVE with the
/// gateway as its destination.
class RetrieveRequest final : public Inflow {
  public:
    RetrieveRequest(IngressSession& session, ContextId context, dimse::Command request);
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

    struct Refusal {
        std::uint16_t status;
        std::string reason;
        std::string rule;
        std::string detail = {};
    };
    /// Bytes of the Identifier; when it is complete, why the request is refused, if it is.
    void take(ByteView fragment);
    std::optional<Refusal> judge();
    /// What policy says of it, and of its objects, once it is judged.
    const policy::Judgement& judgement() const { return judged_->judgement(); }

  private:
    void count(bool refused) const;
    std::optional<Refusal> judge_parties(const policy::Peer* viewer);
    bool break_glass();
    void mend_glass();
    std::optional<Refusal> judge_budgets();
    std::optional<policy::Exceeded> exceeded() const;
    std::optional<policy::Exceeded> exceeded(const std::string& rule) const;
    const std::string& from() const { return judgement().from; }
    net::Awaitable<ErrorCode> sound_alarm();
    net::Awaitable<Result<void>> forward();
    Retrieval::Request retrieval_request();

    IngressSession& session_;
    ContextId context_;
    dimse::Command request_;
    bool move_;
    Bytes identifier_;
    bool too_long_ = false;
    image::RetrieveScope scope_;
    std::optional<Judged> judged_;
    std::optional<Judged> unbroken_;          // by the other rules, once the glass is broken
    const policy::Peer* receiver_ = nullptr;  // of the access by which it is judged
    std::optional<AeTitle> destination_;
    bool parties_known_ = false;
    bool title_only_ = false;  // the viewer is known by its title alone
};

/// A response of the archive to such a request, with what the gateway withheld put into its counts (PS3.4
/// C.4.2.1.6 to 9).
class RetrieveResponse final : public Inflow {
  public:
    RetrieveResponse(IngressSession& session, ContextId context, dimse::Command response);
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    void correct_counts(const Retrieval& retrieval);
    void correct_failed_list(const Retrieval& retrieval);
    std::vector<Uid> missing(const Retrieval& retrieval) const;
    void note_end(const Pending& pending) const;

    IngressSession& session_;
    ContextId context_;
    dimse::Command response_;
    Bytes identifier_;
};

}  // namespace portcullis::service
