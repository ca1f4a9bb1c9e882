// tls of listeners, archives and peers, and certificates as identity: what is written, and what is in the
// files.

#include <catch2/catch.hpp>

#include "tests/settings/sample.hpp"
#include "tests/tls/certificates.hpp"

using namespace portcullis;
using namespace portcullis::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const std::string files = "certificate: c.pem, key: c.key, authorities: ca.pem";

std::string listener(const std::string& tls) {
    return "gateway: {listen: [{name: a, tls: " + tls + "}]}";
}
std::string archive(const std::string& tls) {
    return "archives: [{name: main, ae_title: PACS, host: 10.0.0.5, tls: " + tls + "}]";
}
std::string peer(const std::string& more) {
    return "peers: [{name: a, ae_title: A, " + more + "}]";
}
void check(std::string Sample::*part, const std::vector<Row>& rows) {
    check_rows(part, "", "", rows);
}

/// All that load_tls() says of it.
std::string said_of_files(const Sample& sample) {
    try {
        (void)load_tls(parse_settings(sample.text(), "gate.yaml"));
        return "";
    } catch (const SettingsError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("tls of a listener, an archive and a peer is read") {
    Sample sample;
    sample.gateway = listener("{" + files + ", client_certificate: optional}") + "\n";
    sample.archives = archive("{authorities: /pki/ca.pem}") + "\n";
    sample.peers =
        peer("host: ws.example, addresses: 10.0.1.7, tls: {" + files + ", name: other.example}") + "\n";
    const auto settings = sample.read();
    const auto& gate = settings.listen.at(0).tls.value();
    CHECK(gate.files.certificate.path == "/etc/c.pem");
    CHECK(gate.files.key.path == "/etc/c.key");
    CHECK(gate.files.authorities.path == "/etc/ca.pem");
    CHECK(gate.client == tls::ClientCertificate::optional);
    const auto& main = settings.archives.at(0).tls.value();
    CHECK(main.files.certificate.path.empty());
    CHECK(main.files.authorities.path == "/pki/ca.pem");
    CHECK(main.name == "10.0.0.5");
    CHECK(settings.endpoints.at("a").tls.value().name == "other.example");
}

TEST_CASE("client certificates are required unless the file says otherwise") {
    Sample sample;
    sample.gateway = listener("{" + files + "}") + "\n";
    CHECK(sample.read().listen.at(0).tls->client == tls::ClientCertificate::required);
    sample.gateway = listener("{certificate: c.pem, key: c.key, client_certificate: none}") + "\n";
    CHECK(sample.read().listen.at(0).tls->client == tls::ClientCertificate::none);
}

TEST_CASE("nobody is believed because nobody was named") {
    check(&Sample::gateway,
          {{listener("^{certificate: c.pem, key: c.key}"),
            "gateway.listen[0].tls: whose certificates are accepted is not said; add authorities"},
           {listener("^{certificate: c.pem, key: c.key, client_certificate: optional}"),
            "gateway.listen[0].tls: whose certificates are accepted is not said"},
           {listener("{certificate: c.pem, key: c.key, authorities: ^ca.pem, client_certificate: none}"),
            "gateway.listen[0].tls.authorities: no client certificate is asked for"},
           {listener("^{certificate: c.pem, authorities: ca.pem}"), "gateway.listen[0].tls.key: missing"},
           {listener("^{key: c.key, authorities: ca.pem}"), "gateway.listen[0].tls.certificate: missing"},
           {listener("^yes"), "gateway.listen[0].tls: a mapping is expected"},
           {listener("{" + files + ", ^name: a}"), "gateway.listen[0].tls.name: unknown key"},
           {listener("{" + files + ", client_certificate: ^maybe}"),
            "gateway.listen[0].tls.client_certificate: unknown value 'maybe'"}});
    check(&Sample::archives,
          {{archive("^{certificate: c.pem, key: c.key}"), "archives[0].tls.authorities: missing"},
           {archive("^{}"), "archives[0].tls.authorities: missing"},
           {archive("^{certificate: c.pem, authorities: ca.pem}"),
            "archives[0].tls: a certificate without its key"},
           {archive("^{key: c.key, authorities: ca.pem}"), "archives[0].tls: a key without its certificate"},
           {archive("{authorities: ca.pem, ^client_certificate: none}"),
            "archives[0].tls.client_certificate: unknown key"}});
    check(&Sample::peers, {{peer("addresses: 10.0.0.1, tls: ^{authorities: ca.pem}"),
                            "peers[0].tls: it is about calling the peer, whose host is not known"}});
}

TEST_CASE("a certificate can stand for an address, or be demanded besides") {
    Sample sample;
    sample.peers = peer("certificate: [{san: '*.wards.example'}, {subject: 'CN=a,O=b', fingerprint: '" +
                        std::string(32, 'A') + std::string(32, '0') + "'}]") +
                   "\n";
    const auto peers = sample.read().peers;
    REQUIRE(peers.at(0).certificates.size() == 2);
    CHECK(peers[0].addresses.empty());
    CHECK_FALSE(peers[0].title_only);
    CHECK(peers[0].certificates[1].fingerprint == std::string(32, 'a') + std::string(32, '0'));
    sample.peers = peer("addresses: 10.0.0.0/8, certificate: {san: a.example}") + "\n";
    CHECK(sample.read().peers.at(0).addresses.size() == 1);
}

TEST_CASE("what no certificate can say is refused") {
    check(
        &Sample::peers,
        {{peer("certificate: ^[]"), "peers[0].certificate: an empty list"},
         {peer("certificate: [^{}]"), "peers[0].certificate[0]: any certificate would do"},
         {peer("certificate: [{san: ^'*'}]"), "peers[0].certificate[0].san: '*' is no name of a certificate"},
         {peer("certificate: [{san: ^'a.*.example'}]"), "peers[0].certificate[0].san: 'a.*.example' is no"},
         {peer("certificate: [{subject: ^gate}]"), "peers[0].certificate[0].subject: 'gate' is no subject"},
         {peer("certificate: [{fingerprint: ^abcd}]"),
          "peers[0].certificate[0].fingerprint: 'abcd' is no SHA"},
         {peer("certificate: [{^issuer: a}]"), "peers[0].certificate[0].issuer: unknown key"},
         {"peers: [^{name: a, ae_title: A}]", "peers[0]: an AE title alone is no identity"}});
}

TEST_CASE("what is wrong in a file is said with the place that names it") {
    const CertificateFolder folder;
    const Authority authority(folder, "authority");
    const auto gate = authority.issue("gate");
    const auto other = authority.issue("other");
    const auto written = [&](const Issued& pair) {
        return "{certificate: " + pair.certificate + ", key: " + pair.key +
               ", authorities: " + authority.file() + "}";
    };
    Sample sample;
    sample.gateway = listener(written(gate)) + "\n";
    sample.archives = archive(written(gate)) + "\n";
    sample.peers = peer("host: 10.0.1.7, addresses: 10.0.1.7, tls: " + written(gate)) + "\n";
    CHECK(said_of_files(sample) == "");
    const auto contexts = load_tls(sample.read());
    CHECK(contexts.of_listener("a"));
    CHECK(contexts.of_archive("main"));
    CHECK(contexts.of_peer("a"));
    CHECK_FALSE(contexts.of_listener("main"));

    sample.gateway = listener(written({gate.certificate, other.key})) + "\n";
    sample.archives = archive("{authorities: nowhere.pem}") + "\n";
    const auto said = said_of_files(sample);
    const auto column = std::to_string(sample.gateway.find(other.key) + 1);
    CHECK_THAT(said, StartsWith("gate.yaml:1:" + column + ": gateway.listen[0].tls.key: ") &&
                         Contains("does not belong to the certificate; write the key") &&
                         Contains("\ngate.yaml:2:") && Contains(": archives[0].tls.authorities: ") &&
                         Contains("nowhere.pem' cannot be read: No such file"));
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}
