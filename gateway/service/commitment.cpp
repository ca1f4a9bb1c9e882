#include "gateway/service/commitment.hpp"

#include "gateway/dimse/status.hpp"
#include "gateway/service/operations.hpp"

namespace portcullis::service {

void CommitmentData::take(ByteView fragment) {
    too_long_ = too_long_ || bytes_.size() + fragment.size() > image::longest_commitment;
    if (!too_long_) append(bytes_, fragment);
}

std::optional<image::Commitment> CommitmentData::read() const {
    const auto syntax = image::carried_transfer_syntax(transfer_syntax_);
    if (!syntax || too_long_) return std::nullopt;
    auto commitment = image::read_commitment(bytes_, *syntax);
    return commitment ? std::optional(std::move(*commitment)) : std::nullopt;
}

void describe(const image::CommitmentSummary& commitment, audit::Record& record) {
    record.values.emplace_back("transaction", commitment.transaction.str());
    record.values.emplace_back("instances", commitment.instances);
    record.values.emplace_back("failed", commitment.failed);
}

void IngressSession::note_commitment(const std::string& phase, const image::CommitmentSummary& commitment,
                                     const dimse::Command& answer) {
    auto answered = record("commitment", answer);
    answered.values.emplace_back("phase", phase);
    describe(commitment, answered);
    answered.values.emplace_back("status", hex(answer.status()));
    note(services_, std::move(answered));
    services_.metrics.response("commitment", answer.status());
}

PassingResult::PassingResult(IngressSession& session, Leg& archive, ContextId context, dimse::Command report)
    : session_(session),
      archive_(archive),
      context_(context),
      report_(std::move(report)),
      data_(archive.context(context)->transfer_syntax) {}

net::Awaitable<Result<void>> PassingResult::data(ByteView fragment) {
    data_.take(fragment);
    co_return Result<void>();
}

net::Awaitable<Result<void>> PassingResult::end() {
    auto result = data_.read();
    if (!result || !was_asked(*result)) co_return co_await refuse(result);
    Asked asked{context_, nullptr};
    asked.result = *result;
    session_.asked().insert_or_assign(report_.message_id(), std::move(asked));
    co_return co_await session_.scanner().send(context_, std::move(report_), data_.bytes());
}

/// By this scanner, which may still ask: an archive that knows several by one title may take one for the
/// other, and whoever borrows a scanner's title is not the scanner.
bool PassingResult::was_asked(const image::Commitment& result) const {
    const auto known = session_.services().registry.find_commitment(session_.archive().name,
                                                                    result.transaction, session_.known_as());
    return known && known->scanner == session_.calling() && known->address == session_.address() &&
           session_.decide(report_).decision == policy::Decision::relay;
}

net::Awaitable<Result<void>> PassingResult::refuse(const std::optional<image::Commitment>& result) {
    constexpr auto code = dimse::status::invalid_argument_value;
    auto refusal = session_.record("refusal", report_);
    refusal.values.emplace_back("operation", std::string(policy::name(operation_of(report_))));
    refusal.values.emplace_back("status", hex(code));
    refusal.values.emplace_back("reason", std::string(result ? not_asked_for : malformed_result));
    if (result) describe(*result, refusal);
    note(session_.services(), std::move(refusal));
    session_.services().metrics.response("commitment", code);
    co_return co_await archive_.send(context_, dimse::response_to(report_, code));
}

}  // namespace portcullis::service
