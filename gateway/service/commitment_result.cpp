// The result of a Storage Commitment Request on an association that the archive opened.

#include "gateway/dimse/status.hpp"
#include "gateway/net/error.hpp"
#include "gateway/service/commitment.hpp"
#include "gateway/service/local_time.hpp"
#include "gateway/service/observe.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/ul/negotiate.hpp"

namespace portcullis::service {

namespace status = dimse::status;
using dimse::Element;

ArrivingResult::ArrivingResult(EgressSession& session, ContextId context, dimse::Command report)
    : session_(session),
      context_(context),
      report_(std::move(report)),
      data_(session.agreed(context).transfer_syntax) {}

net::Awaitable<Result<void>> ArrivingResult::data(ByteView fragment) {
    data_.take(fragment);
    co_return Result<void>();
}

net::Awaitable<Result<void>> ArrivingResult::end() {
    session_.delivering();
    auto refusal = judge();
    if (refusal) co_return co_await refuse(std::move(*refusal));
    auto answer = co_await deliver();
    if (!answer) {
        Refusal unreachable{status::processing_failure, "scanner unreachable", answer.error().message()};
        co_return co_await refuse(std::move(unreachable));
    }
    auto done = record("commitment");
    done.values.emplace_back("phase", std::string("result"));
    done.values.emplace_back("status", hex(answer->status()));
    note(session_.services(), std::move(done));
    session_.services().metrics.response("commitment", answer->status());
    // An Event Reply, which a result of this class has none of (PS3.4 J.3.3), stays behind.
    answer->set(Element::command_data_set_type, dimse::no_data_set);
    co_return co_await session_.respond(context_, std::move(*answer));
}

/// Who did not ask hears nothing, and nobody hears who asked. What the policy allowed to be asked may be
/// answered.
std::optional<ArrivingResult::Refusal> ArrivingResult::judge() {
    auto& services = session_.services();
    const auto& archive = session_.archive().name;
    access_ = services.access.get();
    result_ = data_.read();
    if (!result_) return Refusal{status::invalid_argument_value, std::string(malformed_result), ""};
    asked_ = services.registry.find_commitment(archive, result_->transaction, session_.called());
    if (!asked_) return Refusal{status::invalid_argument_value, std::string(not_asked_for), ""};
    const auto verdict = access_->policy.decide({operation_of(report_),
                                                 asked_->scanner,
                                                 asked_->address,
                                                 asked_->called,
                                                 archive,
                                                 report_.sop_class(),
                                                 {},
                                                 nullptr,
                                                 {},
                                                 asked_->peer,
                                                 local_time()});
    if (services.observing())
        report(services, record("observe"), operation_of(report_), would_relay(verdict));
    else
        services.metrics.request(std::string(policy::name(operation_of(report_))),
                                 std::string(policy::name(verdict.decision)));
    rule_ = verdict.rule;
    if (!services.observing() && verdict.decision != policy::Decision::relay)
        return Refusal{status::not_authorized, "policy", ""};
    scanner_ = access_->policy.peer(asked_->peer);
    if (!scanner_) scanner_ = access_->policy.recognise(asked_->scanner, asked_->address);
    if (!scanner_ || !access_->can_be_called(*scanner_))
        return Refusal{status::processing_failure, "no host and port configured",
                       "add host and port to the peer that asked"};
    return std::nullopt;
}

/// As if the archive called the scanner itself, but for what else it proposed.
ul::AssociateRq ArrivingResult::proposal() const {
    const auto& agreed = session_.agreed(context_);
    return ul::mirror_request(session_.proposal(), asked_->scanner, asked_->called,
                              session_.services().identity(),
                              [&](const Uid& abstract_syntax, const Uid& transfer_syntax) {
                                  return ul::AgreedContext{abstract_syntax, transfer_syntax} == agreed;
                              });
}

/// The scanner's response. Whether it agreed to the archive's role is not looked at: its answer tells whether
/// it took the result.
net::Awaitable<Result<dimse::Command>> ArrivingResult::deliver() {
    const auto& services = session_.services();
    const auto& endpoint = access_->endpoints.at(scanner_->name);
    auto association = co_await net::Association::request(endpoint.host, endpoint.port, proposal(),
                                                          services.timeouts(), services.decode_limits(),
                                                          nullptr, access_->tls.of_peer(scanner_->name));
    if (!association) {
        note_if_tls(session_.services(), "destination", scanner_->name, association.error());
        co_return association.error();
    }
    auto leg = Leg::make(std::move(*association), services.settings.limits.pdu);
    if (!leg) co_return leg.error();
    const auto context = (*leg)->context_for(session_.agreed(context_), context_);
    if (!context) {
        session_.release(std::move(*leg));
        co_return ErrorCode(net::errc::rejected);
    }
    (*leg)->association().set_read_deadline(services.settings.limits.response);
    const auto sent = co_await (*leg)->send(*context, report_, data_.bytes());
    if (!sent) co_return sent.error();
    auto answer = co_await (*leg)->await_response(report_.message_id());
    if (answer) {
        session_.release(std::move(*leg));
    } else {
        co_await (*leg)->association().abort({0, 0});
    }
    co_return answer;
}

audit::Record ArrivingResult::record(const std::string& event) const {
    audit::Record record(event,
                         {{"archive", session_.archive().name}, {"called_ae", session_.called().str()}});
    if (result_) describe(*result_, record);
    if (!asked_) return record;
    record.values.emplace_back("calling_ae", asked_->scanner.str());
    record.values.emplace_back("address", asked_->address.str());
    if (!rule_.empty()) record.values.emplace_back("rule", rule_);
    if (scanner_) record.values.emplace_back("peer", scanner_->name);
    return record;
}

net::Awaitable<Result<void>> ArrivingResult::refuse(Refusal refusal) {
    auto& services = session_.services();
    auto refused = record("refusal");
    refused.values.emplace_back("operation", std::string(policy::name(operation_of(report_))));
    refused.values.emplace_back("status", hex(refusal.status));
    refused.values.emplace_back("reason", refusal.reason);
    if (!refusal.detail.empty()) refused.values.emplace_back("detail", std::move(refusal.detail));
    note(services, std::move(refused));
    services.metrics.response("commitment", refusal.status);
    auto response = dimse::response_to(report_, refusal.status);
    response.set(Element::error_comment, refusal.reason);
    co_return co_await session_.respond(context_, std::move(response));
}

}  // namespace portcullis::service
