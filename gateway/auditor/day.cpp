#include "gateway/auditor/day.hpp"

#include <algorithm>
#include <array>

#include "gateway/audit/status.hpp"
#include "gateway/auditor/outcome.hpp"

namespace portcullis::auditor {

namespace {

constexpr std::size_t most_groups = 1000;
constexpr std::size_t most_listed = 500;

std::uint64_t number(const audit::Logged& logged, std::string_view name) {
    for (const auto& [known, value] : logged.record.values)
        if (known == name)
            if (const auto* number = std::get_if<std::uint64_t>(&value)) return *number;
    return 0;
}

std::string who(const audit::Logged& logged) {
    const auto user = logged.text("user");
    return logged.text("calling_ae") + (user.empty() ? "" : " (" + user + ")");
}

/// Who or what a failure was with.
std::string other_side(const audit::Logged& logged) {
    for (const auto* name : {"destination", "peer", "archive", "address"})
        if (auto text = logged.text(name); !text.empty()) return text;
    return {};
}

bool one_of(const std::string& text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool has_failed(std::string_view status) {
    return audit::kind_of_status(status) == audit::StatusKind::failure;
}

bool is_transfer(const std::string& operation) {
    return one_of(operation, {"retrieve", "push"});
}

/// Of an alert: whether something was withheld, or it only tells of what was let through.
bool is_refusal(const audit::Logged& alert) {
    return alert.text("phase") == "refused" || !alert.text("status").empty();
}

Asker asker(const std::string& operation, const audit::Logged& logged) {
    return {operation, logged.text("calling_ae"), logged.text("user"), logged.text("destination")};
}

}  // namespace

void Tally::add(Key key, const std::string& time) {
    if (groups_.size() >= most_groups && !groups_.contains(key))
        key.assign(key.size(), "others");  // somebody tries very many things
    auto& times = groups_[std::move(key)];
    ++times.count;
    ++count_;
    if (times.first.empty()) times.first = time;
    times.last = time;
}

void Listed::add(const audit::Logged& logged) {
    ++count;
    if (first.size() < most_listed) first.push_back(logged);
}

void Day::add(const audit::Logged& logged) {
    if (records++ == 0) first = logged.seq;
    last = logged.seq;
    const auto& event = logged.record.event;
    if (event == "store") add_store(logged);
    if (is_transfer(event)) add_delivery(logged);
    if (event == "alert") alerts.add(logged);
    if (is_exception(logged)) exceptions.add(logged);
    if (is_service(logged)) service.add(logged);
    if (event == "warning") warnings.add({logged.text("reason"), other_side(logged)}, logged.time);
    if (event == "observe")
        observed.add({logged.text("operation"), logged.text("would"), who(logged)}, logged.time);
    if (event == "checkpoint") {
        checkpoint_time = logged.time;
        checkpoint_size = logged.text("size");
        root_hash = logged.text("root_hash");
        note = logged.text("note");
    }
    const auto outcome = outcome_of(logged);
    if (outcome == Outcome::refused || (outcome == Outcome::alert && is_refusal(logged))) add_refusal(logged);
    if (outcome == Outcome::failure) add_failure(logged);
}

void Day::add_store(const audit::Logged& logged) {
    const auto phase = logged.text("phase");
    if (const auto kek = logged.text("kek"); phase == "intent" && !kek.empty()) keks.add({kek}, logged.time);
    if (phase != "outcome") return;
    const auto status = logged.text("status");
    if (status == "unknown") {
        ++stored.unknown;
    } else if (has_failed(status)) {
        ++stored.failed;
    } else {
        const auto decision = logged.text("decision");
        const bool has_envelope = !logged.text("envelope").empty();
        ++(decision == "pass"             ? stored.passed
           : decision == "sealed already" ? stored.sealed_already
           : has_envelope                 ? stored.sealed
                                          : stored.nothing_to_seal);
        stored.bytes += number(logged, "bytes");
    }
}

void Day::add_delivery(const audit::Logged& logged) {
    const auto phase = logged.text("phase");
    if (phase == "end" && (number(logged, "missing") > 0 || number(logged, "withheld") > 0))
        absent.add(logged);
    if (phase != "outcome") return;
    auto& access = accesses[asker(logged.record.event, logged)];
    if (has_failed(logged.text("status"))) {
        ++access.failed;
        return;
    }
    ++(logged.text("decision") == "sealed" ? access.sealed
       : logged.text("sealed") == "true"   ? access.opened
                                           : access.clear);
    access.bytes += number(logged, "bytes");
    if (auto study = logged.text("study"); !study.empty()) access.studies.insert(std::move(study));
    if (auto patient = logged.text("patient_id"); !patient.empty())
        access.patients.insert(std::move(patient));
}

/// An object that is withheld is refused, too.
void Day::add_refusal(const audit::Logged& logged) {
    const auto operation = logged.text("operation");
    const auto reason = logged.text("reason");
    refusals.add(
        {operation.empty() ? logged.record.event : operation, who(logged), logged.text("address"),
         reason.empty() ? logged.text("detail") : reason, logged.text("rule"), logged.text("status")},
        logged.time);
    if (operation == "store") ++stored.refused;
    if (is_transfer(operation) && logged.text("phase") == "refused")
        ++accesses[asker(operation, logged)].withheld;
}

void Day::add_failure(const audit::Logged& logged) {
    const auto operation = logged.text("operation");
    if (logged.record.event == "failure" && operation == "store") ++stored.failed;
    auto why = logged.text("reason");
    if (const auto detail = logged.text("detail"); !detail.empty()) why += (why.empty() ? "" : ": ") + detail;
    if (const auto status = logged.text("status"); why.empty() && !status.empty()) why = "status " + status;
    const auto& event = logged.record.event;
    failures.add({!operation.empty()   ? operation
                  : event == "failure" ? "connection"
                                       : event,
                  who(logged), other_side(logged), why},
                 logged.time);
}

bool Day::is_service(const audit::Logged& logged) const {
    return one_of(logged.record.event, {"start", "stop", "reload", "registry", "keys"});
}

bool Day::is_exception(const audit::Logged& logged) const {
    return logged.record.event == "grant" ||
           (logged.record.event == "alert" && one_of(logged.text("reason"), {"break-glass", "budget"}));
}

}  // namespace portcullis::auditor
