#pragma once
// What the audit keeps of a C-FIND: one record when the archive has answered, or will not.

#include "gateway/service/ingress.hpp"

namespace portcullis::service {

/// A C-FIND on its way: its Identifier as it passes, and the matches as they come back.
class Query {
  public:
    /// Of the Identifier at most this many bytes are kept: enough for the keys of any sensible one.
    static constexpr std::size_t longest_kept = 8 * 1024;

    explicit Query(Uid transfer_syntax) : transfer_syntax_(std::move(transfer_syntax)) {}
    void take(ByteView fragment);
    void matched() { ++matches_; }
    /// Adds "transfer_syntax", "query" (the Identifier in base64; it holds names of patients), "query_bytes"
    /// if that is only the beginning of so many, and "matches".
    void describe(audit::Record&) const;

  private:
    Uid transfer_syntax_;
    Bytes identifier_;
    std::uint64_t bytes_ = 0;
    std::uint64_t matches_ = 0;
};

/// nullptr: the request is none.
std::shared_ptr<Query> query_of(IngressSession&, ContextId, const dimse::Command& request);

/// A query that has ended, with this status, or without one as the association did.
void note_query(IngressSession&, const Pending&, std::optional<std::uint16_t> status);

/// A query that goes on as bytes.
class QueryRequest final : public Inflow {
  public:
    QueryRequest(std::unique_ptr<Inflow> passing, std::shared_ptr<Query> query)
        : passing_(std::move(passing)), query_(std::move(query)) {}
    net::Awaitable<Result<void>> data(ByteView fragment) override;
    net::Awaitable<Result<void>> end() override;

  private:
    std::unique_ptr<Inflow> passing_;
    std::shared_ptr<Query> query_;
};

}  // namespace portcullis::service
