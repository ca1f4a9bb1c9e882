#include "gateway/service/commitment.hpp"

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

void describe(const image::Commitment& commitment, audit::Record& record) {
    record.values.emplace_back("transaction", commitment.transaction.str());
    record.values.emplace_back("instances", std::uint64_t{commitment.referenced.size()});
    record.values.emplace_back("failed", std::uint64_t{commitment.failed.size()});
}

void IngressSession::note_commitment(const std::string& phase, const image::Commitment& commitment,
                                     const dimse::Command& answer) {
    auto answered = record("commitment", answer);
    answered.values.emplace_back("phase", phase);
    describe(commitment, answered);
    answered.values.emplace_back("status", hex(answer.status()));
    note(services_, std::move(answered));
    services_.metrics.response("commitment", answer.status());
}

PassingResult::PassingResult(IngressSession& session, MessageId id, const Uid& transfer_syntax,
                             std::unique_ptr<Inflow> relayed)
    : session_(session), id_(id), data_(transfer_syntax), relayed_(std::move(relayed)) {}

net::Awaitable<Result<void>> PassingResult::data(ByteView fragment, bool last) {
    data_.take(fragment);
    co_return co_await relayed_->data(fragment, last);
}

net::Awaitable<Result<void>> PassingResult::end() {
    const auto asked = session_.asked().find(id_);
    if (asked != session_.asked().end()) asked->second.result = data_.read();
    co_return co_await relayed_->end();
}

}  // namespace portcullis::service
