#include "gateway/auditor/conditions.hpp"

#include <string.h>

#include <algorithm>

#include "gateway/audit/line.hpp"
#include "gateway/audit/text.hpp"
#include "gateway/auditor/times.hpp"

namespace portcullis::auditor {

namespace {

// memmem(3) is several times as fast as std::string_view::find.
bool contains(std::string_view line, std::string_view trace) {
    return ::memmem(line.data(), line.size(), trace.data(), trace.size()) != nullptr;
}

constexpr std::string_view hidden_value = "\":\"hmac:";
static_assert(hidden_value.ends_with(audit::hash_prefix));

bool has_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto end = std::min(list.find(' '), list.size());
        if (list.substr(0, end) == word) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

std::vector<std::string> either(const std::string& plain, const std::string& hidden) {
    return plain == hidden ? std::vector{plain} : std::vector{plain, hidden};
}

}  // namespace

Matcher::Matcher(Conditions conditions, const std::optional<audit::Identifiers>& hidden)
    : conditions_(std::move(conditions)) {
    const auto& asked = conditions_;
    const auto identifiers = hidden.value_or(audit::Identifiers());
    want({"patient_id"}, either(asked.patient, identifiers.patient(asked.patient)));
    want({"study", "study_uids"}, either(asked.study, identifiers.uid(asked.study)), true);
    want({"sop_instance", "sealed_as", "missing_instances"},
         either(asked.instance, identifiers.uid(asked.instance)), true);
    want({"peer", "from", "calling_ae", "called_ae", "destination"}, asked.peers);
    want({"user"}, {asked.user});
    if (!asked.event.empty()) event_trace_ = "\"event\":" + audit::json_text(asked.event);
    cannot_tell_ = !hidden && asked.by_identifier();
}

void Matcher::want(std::vector<std::string> names, std::vector<std::string> values, bool lists) {
    std::erase(values, "");
    if (values.empty()) return;
    Wanted wanted{std::move(names), std::move(values), lists, {}};
    for (const auto& value : wanted.values) {
        const auto quoted = audit::json_text(value);
        if (lists)
            wanted.traces.push_back(quoted.substr(1, quoted.size() - 2));
        else if (wanted.names.size() == 1)
            wanted.traces.push_back(audit::json_text(wanted.names[0]) + ":" + quoted);
        else
            wanted.traces.push_back(quoted);
    }
    wanted_.push_back(std::move(wanted));
}

bool Matcher::may_match(std::string_view line) const {
    const auto time = audit::time_text(line);
    if (!conditions_.from.empty() && time < conditions_.from) return false;
    if (!conditions_.to.empty() && time > conditions_.to) return false;
    if (!event_trace_.empty() && !contains(line, event_trace_)) return false;
    return std::all_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
        return std::any_of(wanted.traces.begin(), wanted.traces.end(),
                           [&](const auto& trace) { return contains(line, trace); });
    });
}

bool Matcher::holds(const Wanted& wanted, const audit::Logged& logged) const {
    return std::any_of(wanted.names.begin(), wanted.names.end(), [&](const auto& name) {
        const auto text = logged.text(name);
        return std::any_of(wanted.values.begin(), wanted.values.end(), [&](const auto& value) {
            return wanted.lists ? has_word(text, value) : text == value;
        });
    });
}

bool Matcher::matches(const audit::Logged& logged) const {
    if (!conditions_.event.empty() && logged.record.event != conditions_.event) return false;
    if (conditions_.outcome && outcome_of(logged) != *conditions_.outcome) return false;
    return std::all_of(wanted_.begin(), wanted_.end(),
                       [&](const Wanted& wanted) { return holds(wanted, logged); });
}

bool Matcher::is_hidden(std::string_view line) const {
    return cannot_tell_ && contains(line, hidden_value);
}

}  // namespace portcullis::auditor
