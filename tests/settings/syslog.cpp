// audit.syslog: where audit messages go.

#include "tests/settings/sample.hpp"
#include "tests/tls/certificates.hpp"

using namespace portcullis;
using namespace portcullis::test;

namespace {

std::string syslog(const std::string& what) {
    return "audit: {syslog: " + what + "}";
}

std::vector<Repository> read(const std::string& what) {
    Sample sample;
    sample.rest = syslog(what) + "\n";
    return sample.read().repositories;
}

void check(const std::vector<Row>& rows) {
    check_rows(&Sample::rest, "", "", rows);
}

}  // namespace

TEST_CASE("Without audit.syslog no audit message leaves") {
    CHECK(Sample{}.read().repositories.empty());
}

TEST_CASE("A repository is called by TLS unless the file says otherwise, and at the transport's port") {
    const auto secured = read("{host: audit.example, authorities: ca.pem}");
    REQUIRE(secured.size() == 1);
    CHECK(secured[0].transport == SyslogTransport::tls);
    CHECK(secured[0].where() == "audit.example:6514");
    CHECK(secured[0].tls.value().name == "audit.example");
    CHECK(secured[0].tls->files.authorities.path == "/etc/ca.pem");
    CHECK(secured[0].tls->files.certificate.path.empty());
    CHECK(read("{host: 10.0.0.9, transport: tcp}").at(0).where() == "10.0.0.9:601");
    CHECK(read("{host: 10.0.0.9, transport: udp}").at(0).where() == "10.0.0.9:514");
    CHECK(read("{port: 7000, host: a, transport: tcp}").at(0).port == 7000);
}

TEST_CASE("The gateway may show a repository a certificate, and expect another name of it") {
    const auto one =
        read("{host: 10.0.0.9, authorities: ca.pem, certificate: gw.pem, key: gw.key, name: audit.example}");
    CHECK(one.at(0).tls.value().name == "audit.example");
    CHECK(one.at(0).tls->files.certificate.path == "/etc/gw.pem");
    CHECK(one.at(0).tls->files.key.path == "/etc/gw.key");
}

TEST_CASE("Several repositories are a list") {
    const auto both = read("[{host: a, authorities: ca.pem}, {host: b, transport: udp}]");
    REQUIRE(both.size() == 2);
    CHECK(both[0].transport == SyslogTransport::tls);
    CHECK(both[1].transport == SyslogTransport::udp);
}

TEST_CASE("What a repository lacks, or cannot have, is said") {
    check({
        {syslog("^{host: a}"), "audit.syslog.authorities: missing"},
        {syslog("^{transport: udp}"), "audit.syslog.host: missing"},
        {syslog("{host: a, transport: ^relp, authorities: ca.pem}"),
         "audit.syslog.transport: unknown value 'relp'; write one of"},
        {syslog("{host: ^'a:514', transport: udp}"), "audit.syslog.host: 'a:514' is not"},
        {syslog("{host: a, transport: udp, port: ^0}"), "audit.syslog.port: '0' is out of range"},
        {syslog("{host: a, transport: tcp, authorities: ^ca.pem}"),
         "audit.syslog.authorities: it is for transport: tls; remove it, or write transport: tls"},
        {syslog("{host: a, transport: udp, name: ^b}"), "audit.syslog.name: it is for transport: tls"},
        {syslog("^{host: a, authorities: ca.pem, certificate: gw.pem}"),
         "audit.syslog: a certificate without its key"},
        {syslog("{host: a, transport: udp, ^facility: 10}"), "audit.syslog.facility: unknown key"},
        {syslog("[{host: a, transport: udp}, ^{host: a, port: 514, transport: tcp}]"),
         "audit.syslog[1]: there is a repository at a:514 already"},
        {syslog("^[]"), "audit.syslog: an empty list"},
    });
}

TEST_CASE("The files of a repository are looked into with those of the others") {
    const CertificateFolder folder;
    const Authority authority(folder, "authority");
    Sample sample;
    sample.rest = syslog("{host: a, authorities: " + authority.file() + "}") + "\n";
    const auto settings = sample.read();
    const auto loaded = load_tls(settings);
    const auto context = loaded.of_repository(settings.repositories.at(0));
    REQUIRE(context);
    CHECK(context->name() == "a");
    sample.rest = syslog("{host: a, authorities: /nowhere.pem}") + "\n";
    CHECK_THROWS_WITH(load_tls(sample.read()),
                      Catch::Matchers::Contains("audit.syslog.authorities: '/nowhere.pem'"));
}
