#include "gateway/audit/atna_transfer.hpp"

#include <charconv>

namespace portcullis::audit::atna {

namespace {

std::uint64_t number(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Participant in_role(Participant participant, const Code& role) {
    participant.role = role;
    return participant;
}

/// From the scanner, by way of the gateway, to the archive. Where nobody is known to have sent it, the
/// gateway did.
std::vector<Participant> storing(Facts& facts) {
    auto scanner = facts.caller();
    auto source = scanner ? *scanner : facts.gateway();
    source.requestor = true;
    std::vector<Participant> all{in_role(source, source_role),
                                 in_role(facts.archive().value_or(facts.gateway()), destination_role)};
    if (scanner) all.push_back(facts.gateway());
    return all;
}

/// From the archive, by way of the gateway, to the destination; who asked may be a third.
std::vector<Participant> retrieving(Facts& facts) {
    auto viewer = facts.caller();
    if (viewer) viewer->requestor = true;
    const auto title = facts.take("destination");
    const bool to_itself = viewer && (title.empty() || title == viewer->ae_title);
    auto destination = to_itself ? *viewer : Participant{title, title};
    std::vector<Participant> all{in_role(facts.archive().value_or(facts.gateway()), source_role),
                                 in_role(std::move(destination), destination_role)};
    if (viewer && !to_itself) all.push_back(*viewer);
    all.push_back(facts.gateway());
    return all;
}

/// What the archive sends by itself.
std::vector<Participant> pushing(Facts& facts) {
    auto source = facts.archive().value_or(facts.gateway());
    if (const auto caller = facts.caller()) {
        source.ae_title = caller->ae_title;
        source.address = caller->address;
    }
    source.requestor = true;
    const auto title = facts.take("destination");
    return {in_role(std::move(source), source_role), in_role({title, title}, destination_role),
            facts.gateway()};
}

void fail(Message& message, const std::string& why) {
    message.outcome = Outcome::serious_failure;
    message.outcome_description = why;
}

using Participants = std::vector<Participant> (*)(Facts&);

/// Where a person is known to ask, it is the person, and not the application, who does (PS3.15 A.5.2).
void add_user(Facts& facts, std::vector<Participant>& participants) {
    auto person = facts.user();
    if (!person) return;
    for (auto& participant : participants) participant.requestor = false;
    participants.push_back(std::move(*person));
}

/// Who takes part, and the studies and the patient; instances are of the first study.
Message about(Facts& facts, Message message, std::vector<Participant> participants,
              std::optional<Instances> instances) {
    add_user(facts, participants);
    message.participants = std::move(participants);
    message.objects = facts.studies();
    message.objects.front().instances = std::move(instances);
    auto patient = facts.patient();
    message.objects.front().details = facts.rest();
    message.objects.push_back(std::move(patient));
    return message;
}

/// The gateway is not the receiver: whether the receiver had it before it does not know, which the standard
/// calls Read.
Message transferred(Facts& facts, Participants participants) {
    auto message = facts.message(instances_transferred, Action::read);
    auto parties = participants(facts);
    return about(facts, std::move(message), std::move(parties), named_instance(facts));
}

Message transferred(Facts& facts, Participants participants, bool encrypted) {
    const auto status = facts.take("status");
    facts.take("phase");
    auto message = transferred(facts, participants);
    judge(message, status);
    message.objects.front().encrypted = encrypted;
    return message;
}

/// The gateway opened it for somebody, and it may leave.
Message accessed(Facts& facts) {
    auto message = facts.message(instances_accessed, Action::read);
    facts.take("phase");
    facts.take("sealed");
    std::vector<Participant> accessing{facts.gateway()};
    auto person = facts.user();
    auto asking = person ? std::move(person) : facts.caller();
    if (asking) asking->requestor = true;
    if (asking) accessing.push_back(std::move(*asking));
    return about(facts, std::move(message), std::move(accessing), named_instance(facts));
}

bool opened(const Facts& facts) {
    return facts.look("sealed") == "true" && facts.look("decision") != "sealed";
}

/// A C-MOVE or C-GET that was granted.
Message begun(Facts& facts) {
    auto message = facts.message(begin_transferring, Action::execute);
    facts.take("phase");
    auto parties = retrieving(facts);
    return about(facts, std::move(message), std::move(parties), std::nullopt);
}

/// The images have messages of their own: that of the whole says what came of it only if not all is well.
std::optional<Message> ended(Facts& facts) {
    const auto status = facts.take("status");
    const auto missing = number(facts.look("withheld")) + number(facts.look("missing"));
    if (status == "0000" && missing == 0) return std::nullopt;
    facts.take("phase");
    auto message = facts.message(instances_transferred, Action::read);
    auto parties = retrieving(facts);
    auto withheld = missing > 0 ? std::optional(Instances{"", "", missing}) : std::nullopt;
    message = about(facts, std::move(message), std::move(parties), std::move(withheld));
    judge(message, status);
    if (message.outcome != Outcome::success) return message;
    message.outcome = Outcome::minor_failure;
    message.outcome_description = "not all images were delivered";
    return message;
}

std::optional<Message> of_delivery(Facts& facts, Participants participants) {
    const auto phase = facts.look("phase");
    if (phase == "intent" && opened(facts)) return accessed(facts);
    if (phase == "outcome") return transferred(facts, participants, facts.look("decision") == "sealed");
    return std::nullopt;
}

/// What became of a store of which the gateway, when it was there again, asked the archive.
std::optional<Message> looked_up(Facts& facts) {
    const auto held = facts.take("held");
    if (held == "unknown") return std::nullopt;
    auto message = transferred(facts, storing, !facts.look("envelope").empty());
    if (held == "yes") return message;
    fail(message, "the archive does not hold it");
    return message;
}

}  // namespace

std::optional<Instances> named_instance(Facts& facts) {
    auto instance = facts.take("sop_instance");
    if (instance.empty()) return std::nullopt;
    return Instances{facts.take("sop_class"), std::move(instance)};
}

std::optional<Message> of_store(Facts& facts) {
    const auto phase = facts.look("phase");
    if (phase == "outcome") return transferred(facts, storing, !facts.look("envelope").empty());
    if (phase == "lookup") return looked_up(facts);
    return std::nullopt;
}

std::optional<Message> of_retrieve(Facts& facts) {
    const auto phase = facts.look("phase");
    if (phase == "request") return begun(facts);
    if (phase == "end") return ended(facts);
    return of_delivery(facts, retrieving);
}

std::optional<Message> of_push(Facts& facts) {
    return of_delivery(facts, pushing);
}

std::optional<Message> of_query(Facts& facts) {
    auto message = facts.message(query, Action::execute);
    auto source = facts.caller().value_or(facts.gateway());
    source.requestor = true;
    message.participants = {in_role(std::move(source), source_role),
                            in_role(facts.archive().value_or(facts.gateway()), destination_role),
                            facts.gateway()};
    add_user(facts, message.participants);
    judge(message, facts.take("status"));
    if (facts.look("status").empty()) fail(message, facts.take("detail"));
    Object asked{ObjectType::system, ObjectRole::report, sop_class_uid, facts.take("sop_class")};
    asked.query = facts.take("query");
    const auto syntax = facts.take("transfer_syntax");
    asked.details = facts.rest();
    if (!syntax.empty()) asked.details.insert(asked.details.begin(), {"TransferSyntax", syntax});
    message.objects = {std::move(asked)};
    return message;
}

std::optional<Message> of_failed(Facts& facts, const std::string& operation) {
    const auto status = facts.take("status");
    const auto why = facts.joined(status.empty() ? "" : "status " + status, {"reason", "detail"});
    std::optional<Message> message;
    if (operation == "store") message = transferred(facts, storing);
    if (operation == "retrieve") message = transferred(facts, retrieving);
    if (operation == "push") message = transferred(facts, pushing);
    if (operation == "find" || operation == "worklist") message = of_query(facts);
    if (message) fail(*message, why);
    return message;
}

}  // namespace portcullis::audit::atna
