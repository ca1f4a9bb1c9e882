#include "gateway/service/query.hpp"

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/service/operations.hpp"

namespace portcullis::service {

void Query::take(ByteView fragment) {
    bytes_ += fragment.size();
    append(identifier_, fragment.first(std::min(fragment.size(), longest_kept - identifier_.size())));
}

void Query::describe(audit::Record& record) const {
    auto& values = record.values;
    values.emplace_back("transfer_syntax", transfer_syntax_.str());
    values.emplace_back("query", base64(identifier_));
    if (bytes_ > identifier_.size()) values.emplace_back("query_bytes", bytes_);
    values.emplace_back("matches", matches_);
}

std::shared_ptr<Query> query_of(IngressSession& session, ContextId context, const dimse::Command& request) {
    if (request.field() != dimse::CommandField::c_find_rq) return nullptr;
    return std::make_shared<Query>(session.scanner().context(context)->transfer_syntax);
}

void note_query(IngressSession& session, const Pending& pending, std::optional<std::uint16_t> status) {
    auto record = session.record("query", pending.request);
    auto& values = record.values;
    values.emplace_back("called_ae", session.called().str());
    values.emplace_back("operation", std::string(policy::name(operation_of(pending.request))));
    if (!pending.rule.empty()) values.emplace_back("rule", pending.rule);
    pending.query->describe(record);
    if (status)
        values.emplace_back("status", hex(*status));
    else
        values.emplace_back("detail", std::string(ended_unanswered));
    note(session.services(), std::move(record));
}

net::Awaitable<Result<void>> QueryRequest::data(ByteView fragment) {
    query_->take(fragment);
    co_return co_await passing_->data(fragment);
}

net::Awaitable<Result<void>> QueryRequest::end() {
    co_return co_await passing_->end();
}

}  // namespace portcullis::service
