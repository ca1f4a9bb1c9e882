#include "gateway/policy/policy.hpp"

#include <algorithm>
#include <bitset>
#include <span>

#include "gateway/policy/conditions.hpp"

namespace portcullis::policy {

namespace {

void add_once(std::vector<Condition>& all, Condition one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

/// How far all of these hold; what it depends on goes to `depends_on`.
Holds holds(std::span<const Condition> conditions, const Rule& rule, const Asked& asked, Witness* witness,
            std::vector<Condition>& depends_on) {
    Holds all = Holds::yes;
    std::bitset<all_conditions.size()> unknown;
    for (const Condition condition : conditions) {
        const Holds one = holds(condition, rule, asked);
        all = std::min(all, one);
        if (one == Holds::yes) continue;
        if (witness) witness->unmet(rule, condition, one, asked);
        if (one == Holds::depends) unknown.set(static_cast<std::size_t>(condition));
        if (one == Holds::no && !witness) return one;
    }
    if (witness) witness->looked_at(rule, all);
    if (all == Holds::depends)
        for (const Condition condition : conditions)
            if (unknown.test(static_cast<std::size_t>(condition))) add_once(depends_on, condition);
    return all;
}

}  // namespace

bool Judgement::may(Decision decision) const {
    return std::any_of(possible.begin(), possible.end(),
                       [&](const Rule* rule) { return rule->decide == decision; });
}

std::string Judgement::rules() const {
    std::string names;
    for (const Rule* rule : possible) names += (names.empty() ? "" : ", ") + rule->name;
    return names;
}

Policy::Policy(std::vector<Peer> peers, std::vector<Group> groups, std::vector<Rule> rules,
               Decision otherwise)
    : peers_(std::move(peers)), groups_(std::move(groups)), rules_(std::move(rules)) {
    otherwise_.name = "default";
    otherwise_.decide = otherwise;
}

Asked Policy::asked(const Request& request) const {
    const Peer* caller = peer(request.peer);
    if (!caller) caller = recognise(request.calling, request.address, request.certificate);
    const Peer* receiver = request.to ? peer(*request.to) : nullptr;
    const std::string from = request.operation == Operation::push ? request.archive
                             : caller                             ? caller->name
                                                                  : "";
    return {request, caller, from, receiver ? receiver->name : "", groups_};
}

Judgement Policy::judge(const Request& request, Witness* witness) const {
    const Asked asked = this->asked(request);
    Judgement judged{{}, asked.from, {}};
    for (const Rule& rule : rules_) {
        if (rule.break_glass != request.break_glass) continue;
        const Holds held = holds(all_conditions, rule, asked, witness, judged.depends_on);
        if (held != Holds::no) judged.possible.push_back(&rule);
        if (held == Holds::yes) return judged;
    }
    judged.possible.push_back(&otherwise_);
    return judged;
}

Judgement Policy::judge_again(const Judgement& before, const Request& request) const {
    const Asked asked{request, nullptr, before.from, {}, groups_};
    Judgement judged{{}, before.from, {}};
    for (const Rule* rule : before.possible) {
        const Holds held = holds(conditions_on_objects, *rule, asked, nullptr, judged.depends_on);
        if (held != Holds::no) judged.possible.push_back(rule);
        if (held == Holds::yes) return judged;
    }
    judged.possible.push_back(&otherwise_);
    return judged;
}

Verdict Policy::decide(const Request& request) const {
    auto judged = judge(request);
    if (judged.decided()) return judged.verdict();
    Request known = request;
    known.object.complete = true;
    return judge_again(judged, known).verdict();
}

const Peer* Policy::recognise(const AeTitle& title, const IpAddress& address,
                              const Certificate* certificate) const {
    for (const Peer& peer : peers_) {
        const bool has_title =
            std::find(peer.ae_titles.begin(), peer.ae_titles.end(), title) != peer.ae_titles.end();
        const bool has_address = peer.addresses.empty() ? peer.title_only || !peer.certificates.empty()
                                                        : any_contains(peer.addresses, address);
        const bool has_certificate = peer.certificates.empty() || any_holds(peer.certificates, certificate);
        if (has_title && has_address && has_certificate) return &peer;
    }
    return nullptr;
}

const Peer* Policy::peer(std::string_view name) const {
    const auto found =
        std::find_if(peers_.begin(), peers_.end(), [&](const Peer& peer) { return peer.name == name; });
    return found == peers_.end() ? nullptr : &*found;
}

const Peer* Policy::destination(const AeTitle& title) const {
    for (const Peer& peer : peers_)
        if (std::find(peer.ae_titles.begin(), peer.ae_titles.end(), title) != peer.ae_titles.end())
            return &peer;
    return nullptr;
}

bool Policy::is_one_of(const std::string& party, const std::vector<std::string>& names) const {
    return policy::is_one_of(party, names, groups_);
}

}  // namespace portcullis::policy
