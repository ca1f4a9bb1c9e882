#include "gateway/base/certificate.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;

namespace {

const Certificate tablet{"CN=tab1,O=Test",
                         {"tab1.wards.example", "tab1.example"},
                         {*IpAddress::parse("10.0.0.9")},
                         std::string(64, 'a')};

bool named(std::string_view pattern) {
    return AlternativeName::parse(pattern).value().names(tablet);
}

CertificateCondition condition(std::optional<std::string> subject, std::optional<std::string> fingerprint) {
    return {AlternativeName::parse("*.wards.example"), std::move(subject), std::move(fingerprint)};
}

}  // namespace

TEST_CASE("a name matches whole, in any case") {
    CHECK(named("tab1.wards.example"));
    CHECK(named("TAB1.Wards.EXAMPLE"));
    for (const auto* other : {"tab2.wards.example", "wards.example", "ab1.wards.example", "tab1.wards.exampl",
                              "xtab1.wards.example", "tab1.wards.example.org", "tab1"}) {
        INFO(other);
        CHECK_FALSE(named(other));
    }
}

TEST_CASE("an asterisk is exactly one label") {
    CHECK(named("*.wards.example"));
    CHECK(named("*.example"));  // tab1.example
    CHECK_FALSE(named("*.tab1.wards.example"));
    CHECK_FALSE(named("*.ards.example"));
    const Certificate deep{"CN=x", {"a.b.wards.example", "wards.example", ".wards.example"}, {}, ""};
    CHECK_FALSE(AlternativeName::parse("*.wards.example")->names(deep));
}

TEST_CASE("an address is no host name, and a host name no address") {
    CHECK(named("10.0.0.9"));
    CHECK(named("::ffff:10.0.0.9"));
    CHECK_FALSE(named("10.0.0.8"));
    CHECK_FALSE(AlternativeName::parse("10.0.0.9")->names({"CN=x", {"10.0.0.9"}, {}, ""}));
}

TEST_CASE("what names nobody, or nearly everybody, is no name") {
    for (const auto* text : {"", "*", "*.", "*.*.example", "a*.example", "a.*", "a..b", ".a", "a.", "a b",
                             "https://a.example", "a@b.example"}) {
        INFO(text);
        CHECK_FALSE(AlternativeName::parse(text).has_value());
    }
}

TEST_CASE("of a condition everything that is written must hold") {
    CHECK(condition({}, {}).holds(tablet));
    CHECK(condition("CN=tab1,O=Test", std::string(64, 'a')).holds(tablet));
    CHECK_FALSE(condition("CN=tab1", {}).holds(tablet));
    CHECK_FALSE(condition("CN=tab1,O=Test", std::string(64, 'b')).holds(tablet));
    CHECK_FALSE(condition({}, {}).holds({"CN=tab1,O=Test", {}, {}, std::string(64, 'a')}));
}
