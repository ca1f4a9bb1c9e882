// What a rule about pushes can mean: one comes from an archive, which says nothing of users, and goes to a
// peer that the gateway calls.

#include <algorithm>

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

/// A group can be called if one of its members can.
bool can_be_called(const std::string& name, const Settings& settings) {
    const auto group = std::find_if(settings.groups.begin(), settings.groups.end(),
                                    [&](const policy::Group& one) { return one.name == name; });
    if (group == settings.groups.end()) return settings.endpoints.contains(name);
    return std::any_of(group->members.begin(), group->members.end(),
                       [&](const std::string& member) { return settings.endpoints.contains(member); });
}

void check_receivers(const Value& to, const std::vector<std::string>& names, const Settings& settings) {
    const bool listed = to.node->kind == Node::Kind::sequence;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (!can_be_called(names[i], settings))
            (listed ? to.item(i) : to)
                .refuse("nothing can be pushed to " + in_quotes(names[i]) + ", whose host is not known",
                        "add host and port to the peer");
}

/// Whether an archive that calls the gateway can show a certificate.
bool archives_show_certificates(const Settings& settings) {
    return std::any_of(settings.listen.begin(), settings.listen.end(), [](const Listener& listener) {
        return listener.role != Role::ingress && listener.tls &&
               listener.tls->client != tls::ClientCertificate::none;
    });
}

}  // namespace

bool is_about_push(const policy::Rule& rule) {
    const auto& operations = rule.operations;
    return std::find(operations.begin(), operations.end(), policy::Operation::push) != operations.end();
}

bool is_about_push_alone(const policy::Rule& rule) {
    return is_about_push(rule) && std::all_of(rule.operations.begin(), rule.operations.end(),
                                              [](auto one) { return one == policy::Operation::push; });
}

void check_push(Section& section, const policy::Rule& rule, const Settings& settings) {
    if (!is_about_push(rule)) return;
    const auto refuse = [&](const std::string& key, const std::string& what, const std::string& remedy) {
        section.find(key)->refuse(what, remedy);
    };
    if (!rule.from.empty() && !is_about_push_alone(rule))
        refuse("from", "a push comes from archives, and the other operations from peers",
               "write a rule of its own for push");
    if (!rule.to.empty()) check_receivers(*section.find("to"), rule.to, settings);
    if (!rule.users.empty())
        refuse("user", "an archive that pushes names no user, so the rule would never match", remove_it);
    if (!rule.certificates.empty() && !archives_show_certificates(settings))
        refuse("certificate", "archives call without a certificate, so the rule would never match",
               "let a listener that they call ask for one in its tls, or remove it");
}

}  // namespace portcullis::settings
