// peers and groups: who asks and who receives.

#include <algorithm>

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

/// A title is an identity only together with a place that it comes from, or a certificate; `otherwise`: there
/// is something other than a place.
std::vector<Network> read_addresses(Section& peer, bool otherwise) {
    std::vector<Origins> all;
    if (!peer.find("addresses")) {
        if (!otherwise && peer.value().node->kind == Node::Kind::mapping)
            peer.value().refuse(
                "an AE title alone is no identity",
                "add addresses: [...] or certificate: [...], or trust: ae-title-only if nothing "
                "better exists");
        return {};
    }
    peer.read_list("addresses", most_items, all, [&](const Value& one) {
        auto origins = read_origins(one);
        if (origins && origins->too_wide && !otherwise)
            one.refuse("nearly every address would count, which leaves the AE title alone",
                       "narrow it, or write trust: ae-title-only if nothing better exists");
        return origins;
    });
    std::vector<Network> networks;
    for (const Origins& origins : all) networks.push_back(origins.network);
    return networks;
}

void read_endpoint(Section& section, const Folder& folder, const std::string& peer, Settings& into) {
    Endpoint endpoint;
    const auto port = section.find("port");
    const auto tls = section.find("tls");
    const auto transcode = section.find("transcode");
    if (!section.find("host")) {
        for (const auto& about_calling : {tls, transcode})
            if (about_calling)
                about_calling->refuse("it is about calling the peer, whose host is not known",
                                      "add host, or remove it");
        if (port) port->refuse("a port without a host", "add host, or remove the port if it never receives");
        return;
    }
    section.read("host", endpoint.host, read_host);
    section.read("port", endpoint.port, read_port);
    if (tls) endpoint.tls = read_client_tls(*tls, folder, endpoint.host);
    section.read("transcode", endpoint.transcode, Choice<bool>{{{"uncompressed", true}}});
    into.endpoints.emplace(peer, endpoint);
}

std::optional<policy::Peer> read_peer(const Value& value, const Folder& folder, Settings& into, Names& names,
                                      TitleOwners& owners) {
    Section section(value);
    policy::Peer peer;
    section.read_required("name", peer.name, [&](const Value& one) { return names.claim(one, names.peers); });
    if (section.require("ae_title"))
        section.read_list("ae_title", most_items, peer.ae_titles, [&](const Value& one) {
            auto title = read_title(one);
            if (title) owners.claim(one, *title, "peer " + in_quotes(peer.name));
            return title;
        });
    section.read("trust", peer.title_only, Choice<bool>{{{"ae-title-only", true}}});
    peer.certificates = read_certificates(section);
    peer.addresses = read_addresses(section, peer.title_only || section.find("certificate"));
    read_endpoint(section, folder, peer.name, into);
    section.finish();
    return peer;
}

std::vector<std::string> read_members(const Value& value, const Names& names) {
    return read_one_or_more(value, most_peers, [&](const Value& one) -> std::optional<std::string> {
        auto name = read_text(one);
        if (!name) return std::nullopt;
        if (std::find(names.peers.begin(), names.peers.end(), *name) != names.peers.end()) return name;
        one.refuse("there is no peer " + in_quotes(*name), advice(*name, names.peers));
        return std::nullopt;
    });
}

void read_groups(const Value& value, Settings& into, Names& names) {
    Section section(value);
    for (const Node::Key& key : value.node->keys) {
        if (key.repeated) continue;
        const Node name{Node::Kind::scalar, key.at, key.name, false, {}, {}};
        const Value where{&name, value.key, value.problems};
        names.claim(where, names.groups);
        if (const auto members = section.find(key.name))
            into.groups.push_back({key.name, read_members(*members, names)});
    }
    section.finish();
}

}  // namespace

void read_peers(Section& root, const Folder& folder, Settings& into, Names& names) {
    if (const auto value = root.require("peers")) {
        TitleOwners owners;
        owners.claim(*value, into.ae_title, "the gateway");
        for (const Archive& archive : into.archives)
            for (const AeTitle& title : archive.move_titles) owners.claim(*value, title, "the gateway");
        into.peers = read_each(*value, most_peers,
                               [&](const Value& one) { return read_peer(one, folder, into, names, owners); });
    }
    if (const auto value = root.find("groups")) read_groups(*value, into, names);
}

}  // namespace portcullis::settings
