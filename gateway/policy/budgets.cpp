#include "gateway/policy/budgets.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portcullis::policy {

namespace {

/// Of what is spent, what counts in this measure.
std::uint64_t more_of(Measure measure, const Spent& spent, const Account& account) {
    switch (measure) {
        case Measure::objects:
            return spent.objects;
        case Measure::studies:
            return spent.study.empty() || account.knows(spent.study) ? 0 : 1;
        case Measure::bytes:
            break;
    }
    return spent.bytes;
}

/// Usage that comes and goes about a limit is one alert, and not many.
bool is_calm(const Usage& usage, const Allowance& limits) {
    return std::all_of(std::begin(measures), std::end(measures), [&](Measure measure) {
        const auto& limit = limits[measure];
        return !limit || usage[measure] <= *limit / 4 * 3 + *limit % 4 * 3 / 4;
    });
}

bool has_fallen(const Usage& usage, const Usage& before) {
    return std::any_of(std::begin(measures), std::end(measures),
                       [&](Measure measure) { return usage[measure] < before[measure]; });
}

/// Studies are remembered only where they are limited, and so no more than that.
Spent counted_by(const Budget& budget, const Spent& spent) {
    auto counted = spent;
    if (!budget.limits.studies) counted.study.clear();
    return counted;
}

}  // namespace

std::string_view name(Per per) {
    return per == Per::peer ? "peer" : "user";
}
std::string_view name(Over over) {
    return over == Over::refuse ? "refuse" : "sealed";
}
std::string_view name(Measure measure) {
    return measure == Measure::objects ? "objects" : measure == Measure::studies ? "studies" : "bytes";
}

bool binds(const Budget& budget, const Policy& policy, const Spender& spender) {
    const auto& rules = budget.rules;
    return (budget.of.empty() || policy.is_one_of(spender.peer, budget.of)) &&
           (rules.empty() || std::find(rules.begin(), rules.end(), spender.rule) != rules.end());
}

Subject subject_of(const Budget& budget, const Spender& spender) {
    if (budget.per == Per::user && spender.user) return {Per::user, *spender.user};
    return {Per::peer, spender.peer};
}

Accounts::Entry& Accounts::entry(const Bound& bound, Seconds now) {
    if (entries_.size() >= sweep_at_) sweep(now);
    const auto [found, made] =
        entries_.try_emplace(Key(bound.budget->name, bound.subject), Entry{Account(bound.budget->window)});
    auto& entry = found->second;
    entry.account.fit(bound.budget->window);
    entry.account.advance(now);
    if (entry.alerted && has_fallen(entry.account.usage(), *entry.alerted) &&
        is_calm(entry.account.usage(), limits(bound, now)))
        entry.alerted.reset();
    return entry;
}

/// Whoever has used nothing lately.
void Accounts::sweep(Seconds now) {
    for (auto next = entries_.begin(); next != entries_.end();) {
        next->second.account.advance(now);
        next = next->second.account.empty() ? entries_.erase(next) : std::next(next);
    }
    sweep_at_ = std::max<std::size_t>(1024, 2 * entries_.size());
}

std::vector<Exceeded> Accounts::look(const Bounds& bounds, const Spent& spent, Seconds now) {
    std::vector<Exceeded> all;
    for (const auto& bound : bounds) {
        auto& [account, alerted] = entry(bound, now);
        const auto allowed = limits(bound, now);
        for (const auto measure : measures) {
            const auto& limit = allowed[measure];
            const auto used = account.usage()[measure];
            const auto more = more_of(measure, spent, account);
            if (!limit || more == 0 || (used <= *limit && more <= *limit - used)) continue;
            const auto& budget = *bound.budget;
            all.push_back({budget.name, bound.subject, budget.over, budget.window, measure, *limit, used,
                           !alerted.has_value()});
            alerted = account.usage();
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.over == Over::refuse && b.over != a.over; });
    return all;
}

std::vector<Exceeded> Accounts::charge(const Bounds& bounds, const Spent& spent, Seconds now) {
    auto exceeded = look(bounds, spent, now);
    if (!exceeded.empty()) return exceeded;
    for (const auto& bound : bounds) entry(bound, now).account.add(counted_by(*bound.budget, spent), now);
    return {};
}

void Accounts::recall(const Bounds& bounds, const Spent& spent, Seconds then, Seconds now) {
    for (const auto& bound : bounds)
        if (then + bound.budget->window >= now)
            entry(bound, now).account.add(counted_by(*bound.budget, spent), std::min(then, now));
}

void Accounts::drop_grants(Seconds now) {
    std::erase_if(grants_, [now](const Grant& grant) { return grant.until <= now; });
}

/// What is exceeded after this is news again.
void Accounts::grant(Grant grant, Seconds now) {
    drop_grants(now);
    if (const auto found = entries_.find(Key(grant.budget, grant.subject)); found != entries_.end())
        found->second.alerted.reset();
    if (grant.until > now) grants_.push_back(std::move(grant));
}

std::vector<Grant> Accounts::grants(Seconds now) {
    drop_grants(now);
    return grants_;
}

Usage Accounts::usage(const Bound& bound, Seconds now) {
    return entry(bound, now).account.usage();
}

Allowance Accounts::limits(const Bound& bound, Seconds now) const {
    auto limits = bound.budget->limits;
    for (const auto& grant : grants_) {
        if (grant.budget != bound.budget->name || grant.subject != bound.subject || grant.until <= now)
            continue;
        for (const auto measure : measures)
            if (auto& limit = limits[measure]) *limit += grant.more[measure];
    }
    return limits;
}

std::vector<Subject> Accounts::subjects(const Budget& budget, Seconds now) {
    sweep(now);
    std::vector<Subject> found;
    for (const auto& [key, entry] : entries_)
        if (key.first == budget.name && !entry.account.empty()) found.push_back(key.second);
    return found;
}

}  // namespace portcullis::policy
