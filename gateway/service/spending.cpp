#include "gateway/service/spending.hpp"

#include <algorithm>
#include <chrono>

namespace portcullis::service {

policy::Seconds since_1970(std::chrono::system_clock::time_point time) {
    return static_cast<policy::Seconds>(
        std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

namespace {

policy::Seconds now() {
    return since_1970(std::chrono::system_clock::now());
}

audit::Record alert(const policy::Spender& spender, const policy::Exceeded& exceeded) {
    audit::Record record("alert", {{"reason", std::string("budget")},
                                   {"budget", exceeded.budget},
                                   {"per", std::string(policy::name(exceeded.subject.kind))},
                                   {"peer", spender.peer}});
    if (spender.user) record.values.emplace_back("user", *spender.user);
    record.values.emplace_back("rule", spender.rule);
    record.values.emplace_back("measure", std::string(policy::name(exceeded.measure)));
    record.values.emplace_back("limit", exceeded.limit);
    record.values.emplace_back("used", exceeded.used);
    record.values.emplace_back("window_seconds", exceeded.window);
    record.values.emplace_back("over", std::string(policy::name(exceeded.over)));
    return record;
}

}  // namespace

std::pair<std::string, audit::Value> named(const policy::Subject& subject) {
    return {std::string(policy::name(subject.kind)), subject.name};
}

std::string describe(const policy::Exceeded& exceeded) {
    return exceeded.budget + ": " + std::string(policy::name(exceeded.measure)) + ": " +
           std::to_string(exceeded.used) + " of " + std::to_string(exceeded.limit) + " in " +
           std::to_string(exceeded.window) + " s";
}

std::optional<policy::Exceeded> Spending::charge(const policy::Spender& spender, policy::Spent spent) {
    const auto access = access_.get();
    const auto bounds = access->bounds_of(spender);
    if (bounds.empty()) return std::nullopt;
    spent.study = scribe_.uid(spent.study);
    std::unique_lock lock(mutex_);
    auto exceeded = accounts_.charge(bounds, spent, now());
    lock.unlock();
    return report(spender, std::move(exceeded));
}

std::optional<policy::Exceeded> Spending::look(const policy::Spender& spender, const std::string& study) {
    const auto access = access_.get();
    const auto bounds = access->bounds_of(spender);
    if (bounds.empty()) return std::nullopt;
    std::unique_lock lock(mutex_);
    auto exceeded = accounts_.look(bounds, {1, 1, scribe_.uid(study)}, now());
    lock.unlock();
    return report(spender, std::move(exceeded));
}

/// The first is the one that decides.
std::optional<policy::Exceeded> Spending::report(const policy::Spender& spender,
                                                 std::vector<policy::Exceeded> all) {
    for (const auto& exceeded : all) {
        if (!exceeded.crossed) continue;
        metrics_.budget_exceeded(exceeded.budget);
        journal_.append({scribe_.entry(alert(spender, exceeded))}, {});
    }
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

void Spending::grant(policy::Grant grant) {
    const std::lock_guard lock(mutex_);
    accounts_.grant(std::move(grant), now());
}

std::vector<policy::Grant> Spending::grants() {
    const std::lock_guard lock(mutex_);
    return accounts_.grants(now());
}

std::vector<Spending::Account> Spending::accounts(const policy::Budget& budget) {
    const auto time = now();
    const std::lock_guard lock(mutex_);
    auto subjects = accounts_.subjects(budget, time);
    for (const auto& grant : accounts_.grants(time))
        if (grant.budget == budget.name) subjects.push_back(grant.subject);
    std::sort(subjects.begin(), subjects.end());
    subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
    std::vector<Account> all;
    for (auto& subject : subjects) {
        const policy::Bound bound{&budget, subject};
        all.push_back({subject, accounts_.usage(bound, time), accounts_.limits(bound, time)});
    }
    return all;
}

}  // namespace portcullis::service
