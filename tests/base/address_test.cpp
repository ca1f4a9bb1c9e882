#include "gateway/base/address.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;

namespace {
bool within(const char* network, const char* address) {
    return Network::parse(network).value().contains(IpAddress::parse(address).value());
}
}  // namespace

TEST_CASE("addresses of both families are parsed and printed") {
    CHECK(IpAddress::parse("10.0.1.7")->str() == "10.0.1.7");
    CHECK(IpAddress::parse("2001:db8::1")->str() == "2001:db8::1");
    CHECK_FALSE(IpAddress::parse(""));
    CHECK_FALSE(IpAddress::parse("10.0.1"));
    CHECK_FALSE(IpAddress::parse("10.0.1.256"));
    CHECK_FALSE(IpAddress::parse("pacs.example"));
}

TEST_CASE("an IPv4 address mapped into IPv6 is the same address") {
    CHECK(IpAddress::parse("::ffff:10.0.1.7") == IpAddress::parse("10.0.1.7"));
    CHECK(within("10.0.1.0/24", "::ffff:10.0.1.7"));
}

TEST_CASE("a network contains what shares its prefix") {
    CHECK(within("10.0.1.0/24", "10.0.1.255"));
    CHECK_FALSE(within("10.0.1.0/24", "10.0.2.0"));
    CHECK(within("10.0.1.4/30", "10.0.1.7"));
    CHECK_FALSE(within("10.0.1.4/30", "10.0.1.8"));
    CHECK(within("10.0.1.7/32", "10.0.1.7"));
    CHECK(within("10.0.1.7", "10.0.1.7"));
    CHECK_FALSE(within("10.0.1.7", "10.0.1.6"));
    CHECK(within("2001:db8::/32", "2001:db8:1::5"));
    CHECK_FALSE(within("2001:db8::/32", "2001:db9::"));
}

TEST_CASE("every IPv4 address is within 0.0.0.0/0 and no IPv6 address is") {
    CHECK(within("0.0.0.0/0", "255.255.255.255"));
    CHECK_FALSE(within("0.0.0.0/0", "2001:db8::1"));
    CHECK(within("::/0", "2001:db8::1"));
}

TEST_CASE("a network with a prefix that is none is refused") {
    for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/ 8",
                             "::/129", "/8", "10.0.0.0/8/8"})
        CHECK_FALSE(Network::parse(text));
}
