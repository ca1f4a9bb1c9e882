#include "gateway/base/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace portcullis {

namespace {
constexpr std::array<std::uint8_t, 12> v4_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
bool is_v4(const std::array<std::uint8_t, 16>& bytes) {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}
}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string terminated(text);
    IpAddress address;
    if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
    std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes_.begin());
    if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data() + 12) == 1) return address;
    return std::nullopt;
}

std::string IpAddress::str() const {
    char text[INET6_ADDRSTRLEN] = {};
    const bool v4 = is_v4(bytes_);
    inet_ntop(v4 ? AF_INET : AF_INET6, bytes_.data() + (v4 ? 12 : 0), text, sizeof text);
    return text;
}

std::optional<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto base = IpAddress::parse(text.substr(0, slash));
    if (!base) return std::nullopt;
    Network network;
    network.base_ = *base;
    if (slash == std::string_view::npos) return network;
    const auto digits = text.substr(slash + 1);
    const int offset = is_v4(base->bytes_) ? 96 : 0;
    int length = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size() || length < 0 || offset + length > 128)
        return std::nullopt;
    network.prefix_ = offset + length;
    return network;
}

bool Network::contains(const IpAddress& address) const {
    const auto whole = static_cast<std::size_t>(prefix_ / 8);
    if (!std::equal(base_.bytes_.begin(), base_.bytes_.begin() + whole, address.bytes_.begin())) return false;
    const int rest = prefix_ % 8;
    return rest == 0 || (base_.bytes_[whole] ^ address.bytes_[whole]) >> (8 - rest) == 0;
}

std::string Network::str() const {
    return base_.str() + '/' + std::to_string(prefix_ - (is_v4(base_.bytes_) ? 96 : 0));
}

bool any_contains(const std::vector<Network>& networks, const IpAddress& address) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const Network& network) { return network.contains(address); });
}

}  // namespace portcullis
