#pragma once
// IPv4 and IPv6 addresses and networks, without sockets: the policy compares them, the network layer makes
// them.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis {

/// An IP address; IPv4-mapped IPv6 counts as IPv4.
class IpAddress {
  public:
    static std::optional<IpAddress> parse(std::string_view text);
    std::string str() const;
    bool operator==(const IpAddress&) const = default;

  private:
    friend class Network;
    std::array<std::uint8_t, 16> bytes_{};
};

/// Address and prefix length, "10.0.0.0/8"; without a length: the address alone.
class Network {
  public:
    static std::optional<Network> parse(std::string_view text);
    bool contains(const IpAddress&) const;
    std::string str() const;
    bool operator==(const Network&) const = default;

  private:
    IpAddress base_;
    int prefix_ = 128;  // bits of the 16-byte form
};

bool any_contains(const std::vector<Network>&, const IpAddress&);

}  // namespace portcullis
