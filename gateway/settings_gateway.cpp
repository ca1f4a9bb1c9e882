// gateway: who it is, where it listens, what it lets others spend; and admin, which listens too.

#include <unistd.h>

#include <array>
#include <set>

#include "gateway/settings_parts.hpp"

namespace portcullis {

std::string host_name() {
    std::array<char, 65> name{};
    if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "gateway";
    return name.data();
}

namespace settings {

namespace {

/// The sockets that the file asks for. Two at one address cannot both be opened.
class Sockets {
  public:
    void claim(const Value& where, const std::string& address, std::uint16_t port) {
        if (port == 0) return;
        for (const auto& [other, other_port] : taken_) {
            const bool same = address == other || is_every(address) || is_every(other);
            if (!same || port != other_port) continue;
            where.refuse("something else listens at " + other + " port " + std::to_string(port) + " already",
                         "choose another port");
            return;
        }
        taken_.emplace_back(address, port);
    }

  private:
    static bool is_every(const std::string& address) { return address == "0.0.0.0" || address == "::"; }
    std::vector<std::pair<std::string, std::uint16_t>> taken_;
};

std::optional<Listener> read_listener(const Value& value, const Folder& folder, std::set<std::string>& taken,
                                      Sockets& sockets) {
    Listener made;
    Section section(value);
    made.name = value.key;
    section.read("name", made.name, [&](const Value& one) {
        auto name = read_name(one);
        if (name && !taken.insert(*name).second)
            one.refuse("there is a listener " + in_quotes(*name) + " already", "give each a name of its own");
        return name;
    });
    section.read("role", made.role,
                 Choice<Role>{{{"ingress", Role::ingress}, {"egress", Role::egress}, {"both", Role::both}}});
    section.read("address", made.address, read_local_address);
    section.read("port", made.port, read_listening_port);
    if (const auto tls = section.find("tls")) made.tls = read_server_tls(*tls, folder);
    section.finish();
    sockets.claim(value, made.address, made.port);
    return made;
}

void read_limits(const Value& value, Limits& into) {
    Section section(value);
    section.read("associations", into.associations, count_between(1, 10'000));
    section.read("per_peer", into.per_peer, count_between(1, 10'000));
    section.read("pdu", into.pdu, size_between(4096, 1 << 20));
    section.read("artim", into.artim, read_duration);
    section.read("connect", into.connect, read_duration);
    section.read("idle", into.idle, read_duration);
    section.read("write", into.write, read_duration);
    section.read("response", into.response, read_duration);
    section.read("shutdown", into.shutdown, read_duration);
    section.read("free_space", into.free_space, size_between(16 << 20, std::uint64_t{1} << 40));
    section.finish();
}

/// "127.0.0.1:8104", "[::1]:8104"
void read_admin(const Value& value, Settings& into) {
    const auto text = read_text(value);
    if (!text) return;
    const auto colon = text->rfind(':');
    std::string address = text->substr(0, colon);
    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) address = address.substr(1, address.size() - 2);
    const auto ip = IpAddress::parse(address);
    if (colon == std::string::npos || !ip || bracketed != (address.find(':') != std::string::npos)) {
        value.refuse(in_quotes(*text) + " is not an address and a port",
                     "write as in 127.0.0.1:8104 or '[::1]:8104'");
        return;
    }
    Node port;
    port.kind = Node::Kind::scalar;
    port.at = value.node->at;
    port.text = text->substr(colon + 1);
    if (const auto number = read_listening_port({&port, value.key, value.problems}))
        into.admin_port = *number;
    into.admin_address = ip->str();
}

}  // namespace

void read_gateway(Section& root, const Folder& folder, Settings& into) {
    into.gateway_id = host_name();
    into.listen = {Listener{"default", Role::both, "0.0.0.0", 11112}};
    Sockets sockets;
    if (const auto value = root.find("gateway")) {
        Section section(*value);
        section.read("id", into.gateway_id, read_label);
        section.read("tenant", into.tenant, read_label);
        section.read("ae_title", into.ae_title, read_title);
        if (const auto listeners = section.find("listen")) {
            std::set<std::string> taken;
            into.listen = read_each(
                *listeners, 32, [&](const Value& one) { return read_listener(one, folder, taken, sockets); });
            if (into.listen.empty()) listeners->refuse("nothing listens", "write at least one listener");
        }
        if (const auto limits = section.find("limits")) read_limits(*limits, into.limits);
        section.finish();
    }
    if (const auto value = root.find("admin")) {
        Section section(*value);
        if (const auto listen = section.find("listen")) {
            read_admin(*listen, into);
            sockets.claim(*listen, into.admin_address, into.admin_port);
        }
        section.finish();
    }
}

}  // namespace settings

}  // namespace portcullis
