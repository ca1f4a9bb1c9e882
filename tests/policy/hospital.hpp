#pragma once
// A small hospital for the tests of the policy: a scanner, two viewers in a group, a tablet that is known by
// its title alone, and a destination outside the group.

#include "gateway/policy/policy.hpp"

namespace portcullis::policy {

inline AeTitle title(std::string_view text) {
    return AeTitle::parse(text).value();
}
inline IpAddress address(std::string_view text) {
    return IpAddress::parse(text).value();
}
inline Network network(std::string_view text) {
    return Network::parse(text).value();
}

inline std::vector<Peer> hospital_peers() {
    return {
        {"ct-1", {title("CT1")}, {network("10.0.3.0/24")}, false},
        {"reading-room", {title("WS1"), title("WS2")}, {network("10.0.1.7"), network("10.0.1.8/31")}, false},
        {"clinic", {title("CLINIC")}, {network("fd00:1::/64")}, false},
        {"tablet", {title("TAB1")}, {}, true},
        {"ward", {title("WARD")}, {network("10.0.9.0/24")}, true},
        {"mirror", {title("VNA")}, {network("10.0.2.9/32")}, false},
    };
}

inline std::vector<Group> hospital_groups() {
    return {{"viewers", {"reading-room", "clinic", "tablet"}}, {"nobody", {}}};
}

}  // namespace portcullis::policy
