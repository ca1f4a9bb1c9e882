#include "gateway/audit/atna_facts.hpp"

#include <sstream>

#include "gateway/audit/status.hpp"

namespace portcullis::audit::atna {

namespace {

constexpr std::size_t most_details = 64;

}  // namespace

std::string Facts::take(std::string_view name) {
    told_.emplace(name);
    return look(name);
}

std::string Facts::joined(std::string text, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (const auto value = take(name); !value.empty()) text += (text.empty() ? "" : ": ") + value;
    return text;
}

std::vector<Detail> Facts::rest() const {
    std::vector<Detail> details{{"record", std::to_string(logged_.seq)}};
    for (const auto& [name, value] : logged_.record.values) {
        if (details.size() == most_details) break;
        auto text = look(name);
        if (!told_.contains(name) && !text.empty()) details.push_back({name, std::move(text)});
    }
    return details;
}

Message Facts::message(const Code& event, Action action) const {
    return {event, std::nullopt, action, logged_.time};
}

Participant Facts::gateway() const {
    return {reporter_.gateway_id, reporter_.ae_title.str(), "", false, application_role};
}

std::optional<Participant> Facts::caller() {
    const auto title = take("calling_ae");
    const auto address = take("address");
    if (title.empty() && address.empty()) return std::nullopt;
    return Participant{title.empty() ? address : title, title, address};
}

std::optional<Participant> Facts::user() {
    const auto name = take("user");
    if (name.empty()) return std::nullopt;
    return Participant{name, "", "", true};
}

std::optional<Participant> Facts::archive() {
    const auto name = take("archive");
    if (name.empty()) return std::nullopt;
    return Participant{name};
}

std::vector<Object> Facts::studies() {
    std::istringstream listed(take("study_uids") + ' ' + take("study"));
    std::vector<Object> studies;
    for (std::string uid; listed >> uid;)
        studies.push_back({ObjectType::system, ObjectRole::report, study_instance_uid, uid, uid});
    if (studies.empty()) studies.push_back({ObjectType::system, ObjectRole::report, study_instance_uid, ""});
    return studies;
}

/// The records have no names of patients.
Object Facts::patient() {
    return {ObjectType::person, ObjectRole::patient, patient_number, take("patient_id")};
}

Object Facts::node(const std::string& id) const {
    return {ObjectType::system, ObjectRole::security_resource, node_id, id, id};
}

void judge(Message& message, const std::string& status) {
    const auto kind = kind_of_status(status);
    if (status.empty() || kind == StatusKind::success) return;
    message.outcome = kind == StatusKind::warning ? Outcome::minor_failure : Outcome::serious_failure;
    message.outcome_description = "status " + status;
}

}  // namespace portcullis::audit::atna
