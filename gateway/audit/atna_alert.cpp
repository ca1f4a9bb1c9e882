#include "gateway/audit/atna_alert.hpp"

#include "gateway/audit/atna_transfer.hpp"

namespace portcullis::audit::atna {

namespace {

/// Which node it is about; the gateway itself, if no other is known.
std::string node_of(Facts& facts) {
    for (const auto* name : {"address", "peer", "archive"})
        if (!facts.look(name).empty()) return facts.take(name);
    return facts.gateway().user_id;
}

/// The gateway, which reports, and who did it, as far as it is known; the standard has no requestor here.
std::vector<Participant> reporting(Facts& facts) {
    std::vector<Participant> participants{facts.gateway()};
    for (auto performing : {facts.caller(), facts.user()}) {
        if (!performing) continue;
        performing->requestor = false;
        participants.push_back(std::move(*performing));
    }
    return participants;
}

/// About the study, if one is known, or else the node.
Message security(Facts& facts, const Code& type, Outcome outcome, const std::string& description) {
    auto message = facts.message(security_alert, Action::execute);
    message.type = type;
    message.outcome = outcome;
    message.participants = reporting(facts);
    Object subject = facts.node(node_of(facts));
    if (!facts.look("study").empty()) {
        subject = facts.studies().front();
        subject.role = ObjectRole::security_resource;
        subject.instances = named_instance(facts);
    }
    subject.details = facts.rest();
    subject.details.insert(subject.details.begin(), {"Alert Description", description});
    message.objects = {std::move(subject)};
    return message;
}

/// As far as the record says it: "refused: store: policy".
std::string described(Facts& facts, const std::string& what) {
    return facts.joined(what, {"operation", "outcome", "reason", "detail"});
}

/// No Participant Object is needed; but which mode, and whose keys, is worth to be known.
Message activity(Facts& facts, const Code& type) {
    auto message = facts.message(application_activity, Action::execute);
    message.type = type;
    message.participants = {facts.gateway()};
    auto subject = facts.node(facts.take("gateway"));
    subject.details = facts.rest();
    message.objects = {std::move(subject)};
    return message;
}

/// Who asked may not have it, or may not send it to whom it asked.
bool is_denial(const std::string& status) {
    return status == "0124" || status == "A801" || status == "0115";
}

bool is_identity(const std::string& reason) {
    return reason == "unknown viewer";
}

}  // namespace

std::optional<Message> of_start(Facts& facts) {
    return activity(facts, application_start);
}

std::optional<Message> of_stop(Facts& facts) {
    return activity(facts, application_stop);
}

/// Those that were accepted are not worth a message each, as the standard says itself.
std::optional<Message> of_association(Facts& facts) {
    const auto outcome = facts.look("outcome");
    if (outcome == "accepted") return std::nullopt;
    const auto severity = outcome == "rejected" ? Outcome::serious_failure : Outcome::minor_failure;
    const auto description = described(facts, "association");
    return security(facts, node_authentication, severity, description);
}

/// Of a connection, or of a request whose association ended. What is wrong with the gateway is in its own
/// log.
std::optional<Message> of_failure(Facts& facts) {
    if (!facts.look("operation").empty()) return of_failed(facts, facts.take("operation"));
    const auto tls = facts.look("reason") == "tls";
    if (!tls && facts.look("address").empty()) return std::nullopt;
    const auto description = described(facts, "failure");
    return security(facts, node_authentication, tls ? Outcome::serious_failure : Outcome::minor_failure,
                    description);
}

/// Who may not is a matter of security; what cannot be done, of the service itself.
std::optional<Message> of_refusal(Facts& facts) {
    const auto status = facts.look("status");
    const auto identity = is_identity(facts.look("reason"));
    if (!identity && !is_denial(status))
        if (auto failed = of_failed(facts, facts.look("operation"))) return failed;
    const auto description = described(facts, "refused");
    return security(facts, identity ? node_authentication : use_of_restricted_function,
                    Outcome::serious_failure, description);
}

std::optional<Message> of_alert(Facts& facts) {
    const auto reason = facts.look("reason");
    const auto description = described(facts, "alert");
    if (reason == "break-glass")
        return security(facts, emergency_override_started, Outcome::minor_failure, description);
    if (reason == "disk nearly full")
        return security(facts, audit_log_storage, Outcome::serious_failure, description);
    const bool asking = reason == "budget" || reason == "no retrieval in flight" || reason == "not asked for";
    return security(facts, asking ? use_of_restricted_function : object_security_attributes_changed,
                    Outcome::serious_failure, description);
}

/// What was delivered although the archive did something to it. Who is trusted by a title alone is said every
/// day: that is no event.
std::optional<Message> of_warning(Facts& facts) {
    const auto reason = facts.look("reason");
    if (reason == "trust-ae-title-only") return std::nullopt;
    const auto description = described(facts, "warning");
    if (reason == "disk has room again")
        return security(facts, audit_log_storage, Outcome::success, description);
    return security(facts, object_security_attributes_changed, Outcome::minor_failure, description);
}

std::optional<Message> of_reload(Facts& facts) {
    const auto failed = facts.look("outcome") == "failed";
    const auto description = described(facts, "reload");
    return security(facts, security_configuration, failed ? Outcome::minor_failure : Outcome::success,
                    description);
}

/// Who is granted something is the subject; who grants it performs.
std::optional<Message> of_grant(Facts& facts) {
    const auto by = facts.take("by");
    const auto user = facts.take("user");
    const auto description = described(facts, "grant");
    auto message = security(facts, user_security_attributes_changed, Outcome::success, description);
    message.participants = {facts.gateway()};
    if (!by.empty()) message.participants.push_back({by});
    auto& subject = message.objects.front();
    if (user.empty()) return message;
    subject.id_type = user_identifier;
    subject.id = subject.name = user;
    return message;
}

std::optional<Message> of_keys(Facts& facts) {
    return security(facts, security_configuration, Outcome::success, "other keys are in use");
}

/// The repository keeps it where nobody who can change the log can change it, too.
std::optional<Message> of_checkpoint(Facts& facts) {
    auto message = security(facts, audit_log_checkpoint, Outcome::success, "checkpoint of the audit log");
    auto& log = message.objects.front();
    log.id_type = uri;
    log.id = "urn:portcullis:audit:" + facts.gateway().user_id;
    log.name = "Security Audit Log";
    return message;
}

/// What was done while the gateway was not there.
std::optional<Message> of_registry(Facts& facts) {
    const auto gap = facts.look("phase") == "gap";
    return security(facts, object_security_attributes_changed,
                    gap ? Outcome::minor_failure : Outcome::success,
                    gap ? "the registry lacks what was sealed" : "put back into the registry");
}

}  // namespace portcullis::audit::atna
