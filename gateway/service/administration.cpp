#include "gateway/service/administration.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "gateway/base/rfc3339.hpp"

namespace portcullis::service {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_grants = 1000;    // at a time
constexpr std::size_t longest_reason = 256;  // bytes

/// One line: what cannot be done, and what to do.
class Refused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string text(const Json& asked, const char* key) {
    const auto found = asked.find(key);
    return found != asked.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number(const Json& asked, const std::string& key, std::uint64_t most) {
    const auto found = asked.find(key);
    if (found == asked.end()) return 0;
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() > most)
        throw Refused(key + ": out of range; write up to " + std::to_string(most));
    return found->get<std::uint64_t>();
}

const policy::Budget& budget_named(const Access& access, const std::string& name) {
    const auto found = std::find_if(access.budgets.begin(), access.budgets.end(),
                                    [&](const policy::Budget& budget) { return budget.name == name; });
    if (found != access.budgets.end()) return *found;
    throw Refused("the gateway has no budget '" + name + "'; see policy.budgets, and reload what is new");
}

/// Whose account it is that is meant.
policy::Subject read_subject(const Json& asked, const Access& access, const policy::Budget& budget) {
    const auto peer = text(asked, "peer");
    const auto user = text(asked, "user");
    if (peer.empty() == user.empty()) throw Refused("a peer or a user is expected; name one of them");
    if (!user.empty() && budget.per == policy::Per::peer)
        throw Refused("the budget '" + budget.name + "' is one per peer; name the peer");
    if (!user.empty()) return {policy::Per::user, user};
    if (!access.policy.peer(peer)) throw Refused("there is no peer '" + peer + "'; see peers");
    if (!budget.of.empty() && !access.policy.is_one_of(peer, budget.of))
        throw Refused("the budget '" + budget.name + "' does not bind the peer '" + peer + "'; see its of");
    return {policy::Per::peer, peer};
}

policy::Usage read_more(const Json& asked, const policy::Budget& budget) {
    policy::Usage more;
    for (const auto measure : policy::measures) {
        const std::string name(policy::name(measure));
        more[measure] = number(asked, name, policy::most_granted);
        if (more[measure] > 0 && !budget.limits[measure])
            throw Refused("the budget '" + budget.name + "' does not limit " + name + "; leave it out");
    }
    if (more == policy::Usage{}) throw Refused("nothing is granted; write objects, studies or bytes");
    return more;
}

struct Granting {
    policy::Grant grant;
    std::uint64_t seconds = 0;
    std::string reason;
};

Granting read_grant(const Json& asked, const Access& access) {
    const auto& budget = budget_named(access, text(asked, "budget"));
    Granting granting;
    granting.grant = {budget.name, read_subject(asked, access, budget), read_more(asked, budget)};
    granting.seconds = number(asked, "seconds", policy::longest_grant);
    if (granting.seconds < policy::shortest_grant)
        throw Refused("seconds: too short; write at least a minute");
    granting.reason = text(asked, "reason");
    if (granting.reason.empty() || granting.reason.size() > longest_reason)
        throw Refused("a reason is expected, of up to " + std::to_string(longest_reason) + " bytes");
    return granting;
}

audit::Record record(const Granting& granting, std::uint32_t uid) {
    const auto& grant = granting.grant;
    audit::Record record("grant", {{"budget", grant.budget}, named(grant.subject)});
    for (const auto measure : policy::measures)
        if (grant.more[measure] > 0) record.values.emplace_back(policy::name(measure), grant.more[measure]);
    record.values.emplace_back("seconds", granting.seconds);
    record.values.emplace_back("reason", granting.reason);
    record.values.emplace_back("by", "uid " + std::to_string(uid));
    return record;
}

std::string time_text(policy::Seconds time) {
    return rfc3339(std::chrono::system_clock::time_point(std::chrono::seconds(time)));
}

std::string error(const std::string& what) {
    return Json{{"error", what}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json to_json(const Spending::Account& account) {
    Json json = {{policy::name(account.subject.kind), account.subject.name}};
    for (const auto measure : policy::measures)
        if (const auto& limit = account.limits[measure])
            json[std::string(policy::name(measure))] = {{"used", account.used[measure]}, {"limit", *limit}};
    return json;
}

Json to_json(const policy::Grant& grant) {
    Json json = {{"budget", grant.budget}, {policy::name(grant.subject.kind), grant.subject.name}};
    for (const auto measure : policy::measures)
        if (grant.more[measure] > 0) json[std::string(policy::name(measure))] = grant.more[measure];
    json["until"] = time_text(grant.until);
    return json;
}

}  // namespace

net::Awaitable<std::string> Administration::answer(std::string line, std::uint32_t uid) {
    Granting granting;
    try {
        const auto asked = Json::parse(line, nullptr, false);
        const auto command = asked.is_object() ? text(asked, "command") : std::string();
        if (command == "budgets") co_return budgets();
        if (command != "grant") throw Refused("not a command of this version");
        granting = read_grant(asked, *services_.access.get());
        if (services_.spending.grants().size() >= most_grants)
            throw Refused("too many grants at a time; wait until some have ended");
    } catch (const Refused& refused) {
        co_return error(refused.what());
    }
    granting.grant.until = since_1970(std::chrono::system_clock::now()) + granting.seconds;
    auto entry = record(granting, uid);
    const auto failed = co_await make_durable(services_, std::move(entry));
    if (failed) co_return error("not granted: the audit cannot be written: " + failed.message());
    services_.spending.grant(granting.grant);
    co_return Json{{"until", time_text(granting.grant.until)}}.dump();
}

std::string Administration::budgets() const {
    const auto access = services_.access.get();
    Json listed = Json::array();
    for (const auto& budget : access->budgets) {
        Json accounts = Json::array();
        for (const auto& account : services_.spending.accounts(budget)) accounts.push_back(to_json(account));
        listed.push_back({{"budget", budget.name},
                          {"per", policy::name(budget.per)},
                          {"window_seconds", budget.window},
                          {"over", policy::name(budget.over)},
                          {"accounts", accounts}});
    }
    Json grants = Json::array();
    for (const auto& grant : services_.spending.grants()) grants.push_back(to_json(grant));
    return Json{{"budgets", listed}, {"grants", grants}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace portcullis::service
