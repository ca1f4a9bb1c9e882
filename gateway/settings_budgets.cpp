// policy.budgets: how much may be opened, of whom, in which time.

#include <algorithm>

#include "gateway/base/has.hpp"
#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

using namespace std::chrono_literals;
using policy::Budget;

constexpr std::size_t most_budgets = 64;
constexpr std::uint64_t most_objects = 1'000'000'000;
constexpr std::uint64_t most_studies = 100'000;  // that are remembered for each account
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 50;

/// What may be a peer or a group; an empty list: any.
std::vector<std::string> read_of(Section& section, const Names& names) {
    std::vector<std::string> known = names.peers;
    known.insert(known.end(), names.groups.begin(), names.groups.end());
    std::vector<std::string> of;
    section.read_list("of", most_items, of, [&](const Value& one) -> std::optional<std::string> {
        auto name = read_text(one);
        if (!name || *name == "any" || has(known, *name)) return name;
        one.refuse("there is no peer or group " + in_quotes(*name), advice(*name, known));
        return std::nullopt;
    });
    if (has(of, std::string("any"))) of.clear();
    return of;
}

std::vector<std::string> read_rule_names(Section& section, const std::vector<policy::Rule>& rules) {
    std::vector<std::string> opening;
    for (const auto& rule : rules)
        if (rule.decide == policy::Decision::open && has(rule.operations, policy::Operation::retrieve))
            opening.push_back(rule.name);
    std::vector<std::string> named;
    section.read_list("rule", most_items, named, [&](const Value& one) -> std::optional<std::string> {
        auto name = read_label(one);
        if (!name || has(opening, *name)) return name;
        one.refuse("there is no rule " + in_quotes(*name) + " that opens retrievals",
                   opening.empty() ? "write one" : advice(*name, opening));
        return std::nullopt;
    });
    return named;
}

template <class Read>
void read_limit(Section& section, const std::string& key, std::optional<std::uint64_t>& into, Read read) {
    if (const auto value = section.find(key)) into = read(*value);
}

void read_limits(Section& section, policy::Allowance& limits) {
    const bool any = std::any_of(std::begin(policy::measures), std::end(policy::measures), [&](auto one) {
        return section.find(std::string(policy::name(one))).has_value();
    });
    if (!any) section.value().refuse("a budget without a limit", "write objects, studies or bytes");
    read_limit(section, "objects", limits.objects, count_between(1, most_objects));
    read_limit(section, "studies", limits.studies, count_between(1, most_studies));
    read_limit(section, "bytes", limits.bytes, size_between(1, most_bytes));
}

Budget read_budget(const Value& value, const Names& names, const std::vector<policy::Rule>& rules) {
    Section section(value);
    Budget budget;
    section.read_required("name", budget.name, read_name);
    budget.of = read_of(section, names);
    section.read("per", budget.per,
                 Choice<policy::Per>{{{"peer", policy::Per::peer}, {"user", policy::Per::user}}});
    budget.rules = read_rule_names(section, rules);
    std::chrono::milliseconds window{};
    section.read_required("window", window, duration_between(1min, 31 * 24h));
    budget.window = static_cast<policy::Seconds>(std::chrono::ceil<std::chrono::seconds>(window).count());
    read_limits(section, budget.limits);
    section.read("over", budget.over,
                 Choice<policy::Over>{{{"refuse", policy::Over::refuse}, {"sealed", policy::Over::sealed}}});
    section.finish();
    return budget;
}

}  // namespace

std::vector<Budget> read_budgets(const Value& value, const Names& names,
                                 const std::vector<policy::Rule>& rules) {
    std::vector<std::string> taken;
    return read_each(value, most_budgets, [&](const Value& one) {
        auto budget = read_budget(one, names, rules);
        if (has(taken, budget.name))
            one.refuse("there is a budget " + in_quotes(budget.name) + " already",
                       "give each budget a name of its own");
        taken.push_back(budget.name);
        return std::optional(std::move(budget));
    });
}

}  // namespace portcullis::settings
