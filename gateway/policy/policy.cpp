#include "gateway/policy/policy.hpp"

#include <algorithm>

namespace portcullis::policy {

namespace {

template <class T>
bool holds(const std::vector<T>& condition, const T& value) {
    return condition.empty() || std::find(condition.begin(), condition.end(), value) != condition.end();
}

template <class T>
bool holds(const std::vector<T>& condition, const std::optional<T>& value) {
    return condition.empty() || (value && holds(condition, *value));
}

/// Of conditions on a certificate, if there are any, one holds.
bool holds(const std::vector<CertificateCondition>& conditions, const Certificate* certificate) {
    return conditions.empty() || any_holds(conditions, certificate);
}

/// The conditions that need no knowledge of peers.
bool holds_for_request(const Rule& rule, const Request& request) {
    return holds(rule.operations, request.operation) && holds(rule.archives, request.archive) &&
           holds(rule.called, request.called) && holds(rule.sop_classes, request.sop_class) &&
           (rule.networks.empty() || any_contains(rule.networks, request.address)) &&
           holds(rule.users, request.user) && holds(rule.certificates, request.certificate);
}

}  // namespace

Policy::Policy(std::vector<Peer> peers, std::vector<Group> groups, std::vector<Rule> rules,
               Decision otherwise)
    : peers_(std::move(peers)), groups_(std::move(groups)), rules_(std::move(rules)), otherwise_(otherwise) {}

Verdict Policy::decide(const Request& request) const {
    const Peer* caller = peer(request.peer);
    if (!caller) caller = recognise(request.calling, request.address, request.certificate);
    const Peer* receiver = request.to ? peer(*request.to) : nullptr;
    // A push comes from an archive, which is known as such and not as a peer.
    const std::string from = request.operation == Operation::push ? request.archive
                             : caller                             ? caller->name
                                                                  : "";
    const std::string to = receiver ? receiver->name : "";
    const auto allows = [&](const std::vector<std::string>& names, const std::string& party) {
        return names.empty() || (!party.empty() && is_one_of(party, names));
    };
    for (const Rule& rule : rules_) {
        // Nothing is opened for a caller or to a destination that is not known, whatever a rule leaves out.
        if (rule.decide == Decision::open && (from.empty() || to.empty())) continue;
        if (holds_for_request(rule, request) && allows(rule.from, from) && allows(rule.to, to))
            return {rule.decide, rule.name, from};
    }
    return {otherwise_, "default", from};
}

const Peer* Policy::recognise(const AeTitle& title, const IpAddress& address,
                              const Certificate* certificate) const {
    for (const Peer& peer : peers_) {
        const bool has_title =
            std::find(peer.ae_titles.begin(), peer.ae_titles.end(), title) != peer.ae_titles.end();
        const bool has_address = peer.addresses.empty() ? peer.title_only || !peer.certificates.empty()
                                                        : any_contains(peer.addresses, address);
        if (has_title && has_address && holds(peer.certificates, certificate)) return &peer;
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
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        if (name == party) return true;
        const auto group = std::find_if(groups_.begin(), groups_.end(),
                                        [&](const Group& candidate) { return candidate.name == name; });
        return group != groups_.end() &&
               std::find(group->members.begin(), group->members.end(), party) != group->members.end();
    });
}

}  // namespace portcullis::policy
