// What is wrong in gateway, archives, peers and the small sections: each row replaces one part of the
// smallest configuration and gives the beginning of what must be said, place included.

#include <catch2/catch.hpp>

#include "tests/settings/sample.hpp"

using namespace portcullis;
using namespace portcullis::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

void check(std::string Sample::*part, const std::vector<Row>& rows) {
    check_rows(part, "", "", rows);
}
void check_archive(const std::vector<Row>& rows) {
    check_rows(&Sample::archives, "archives:\n  - {", "}", rows);
}

}  // namespace

TEST_CASE("The sample itself is accepted") {
    CHECK(complaint(Sample{}.text()) == "");
}

TEST_CASE("What has no default must be there") {
    CHECK_THAT(complaint("mode: enforce\n"),
               Contains("gate.yaml:1:1: archives: missing; it has no default") &&
                   Contains("gate.yaml:1:1: peers: missing") && Contains("gate.yaml:1:1: keys: missing"));
    check(&Sample::keys, {{"keys: ^{}", "keys.keyring: missing"},
                          {"^keys:", "keys: a value is missing"},
                          {"keys: {^keyring: }", "keys.keyring: a value is missing"},
                          {"keys: {keyring: ^''}", "keys.keyring: the text is empty"},
                          {"keys: {keyring: ^[a]}", "keys.keyring: a single value is expected"}});
    check(&Sample::peers, {{"peers: ^ws", "peers: a list is expected"}});
    check(&Sample::archives, {{"archives: ^[]", "archives: no archive"},
                              {"archives: ^{main: PACS}", "archives: a list is expected"},
                              {"archives: [^PACS]", "archives[0]: a mapping is expected"}});
}

TEST_CASE("Unknown keys are refused, with the name that was probably meant") {
    check(&Sample::rest, {{"^polciy: {}", "polciy: unknown key; did you mean policy?"},
                          {"^password: secret", "password: unknown key; write one of gateway, admin,"},
                          {"^Mode: enforce", "Mode: unknown key; did you mean mode?"},
                          {"^<<: {mode: enforce}", "<<: unknown key"}});
    check(&Sample::gateway,
          {{"gateway: {^aetitle: X}", "gateway.aetitle: unknown key; did you mean ae_title?"}});
    check_archive(
        {{"name: m, ae_title: P, host: 10.0.0.5, ^prot: 104", "archives[0].prot: unknown key; did you"}});
}

TEST_CASE("Duplicate keys are refused, at any depth") {
    check(&Sample::rest, {{"^peers: []", "peers: duplicate key; keep one"},
                          {"mode: enforce\n^mode: enforce", "mode: duplicate key"},
                          {"seal: {codec: none, ^'codec': none}", "seal.codec: duplicate key"}});
    check(&Sample::gateway,
          {{"gateway:\n  limits:\n    pdu: 64KiB\n    ^pdu: 128KiB", "gateway.limits.pdu: duplicate key"}});
    check(&Sample::rest, {{"groups:\n  viewers: ws\n  ^viewers: ws", "groups.viewers: duplicate key"}});
}

TEST_CASE("What belongs to later versions is refused, not ignored") {
    const char* const later[] = {
        "seal: {mode: key+registry}",
        "registry: {url: 'postgresql://a', password_file: b}",
        "registry: postgresql://a/b",
    };
    for (const char* text : later) {
        Sample sample;
        sample.rest = std::string(text) + "\n";
        INFO(text);
        const std::string said = complaint(sample.text());
        CHECK_THAT(said, StartsWith("gate.yaml:3:") && Contains("not in this version"));
        CHECK(said.find('\n') == std::string::npos);
    }
    const std::string archive = "name: m, ae_title: P, host: 10.0.0.5, ";
    check_archive(
        {{archive + "delivery: ^spool", "archives[0].delivery: 'spool' is not in this version"},
         {archive + "renumbers: ^maybe", "archives[0].renumbers: unknown value 'maybe'"},
         {archive + "returned: {older: ^ignore}", "archives[0].returned.older: unknown value 'ignore'"},
         {archive + "returned: {geometry: ^ignore}", "archives[0].returned.geometry: unknown value 'ignore'"},
         {archive + "returned: {^patient: warn}", "archives[0].returned.patient: unknown key"}});
    check(&Sample::keys, {{"keys: {keyring: a, ^pkcs11: {}}", "keys.pkcs11: not in this version"},
                          {"keys: {keyring: a, ^recovery: r.pem}", "keys.recovery: not in this version"}});
}

TEST_CASE("Numbers, sizes and durations are read strictly") {
    const auto listener = [](const std::string& port) { return "gateway: {listen: [{port: " + port + "}]}"; };
    const auto limit = [](const std::string& text) { return "gateway: {limits: {" + text + "}}"; };
    check(&Sample::gateway,
          {{listener("^65536"), "gateway.listen[0].port: '65536' is out of range; write 0 to 65535"},
           {listener("^-1"), "gateway.listen[0].port: '-1' is not a number"},
           {listener("^0x2b"), "gateway.listen[0].port: '0x2b' is not a number"},
           {listener("^0104"), "gateway.listen[0].port: '0104' is not a number"},
           {listener("^104.0"), "gateway.listen[0].port: '104.0' is not a number"},
           {listener("^'104'"), "gateway.listen[0].port: a number is expected, this is text"},
           {listener("^dicom"), "gateway.listen[0].port: 'dicom' is not a number"},
           {listener("^[104]"), "gateway.listen[0].port: a number is expected"},
           {listener("^99999999999999999999"), "gateway.listen[0].port: '99999999999999999999' is not"},
           {limit("pdu: ^256KB"), "gateway.limits.pdu: '256KB' is not a size; write as in 65536, 256KiB"},
           {limit("pdu: ^256 KiB"), "gateway.limits.pdu: '256 KiB' is not a size"},
           {limit("pdu: ^1KiB"), "gateway.limits.pdu: '1KiB' is out of range; write 4096 to 1048576 bytes"},
           {limit("pdu: ^2MiB"), "gateway.limits.pdu: '2MiB' is out of range"},
           {limit("free_space: ^1MiB"), "gateway.limits.free_space: '1MiB' is out of range; write 16777216"},
           {limit("pdu: ^18014398509481985KiB"), "gateway.limits.pdu: '18014398509481985KiB' is out"},
           {limit("artim: ^30"), "gateway.limits.artim: '30' is not a duration; write as in 500ms, 30s"},
           {limit("artim: ^30sec"), "gateway.limits.artim: '30sec' is not a duration"},
           {limit("artim: ^0s"), "gateway.limits.artim: '0s' is out of range"},
           {limit("artim: ^25h"), "gateway.limits.artim: '25h' is out of range"},
           {limit("artim: ^1.5s"), "gateway.limits.artim: '1.5s' is not a duration"},
           {limit("associations: ^0"), "gateway.limits.associations: '0' is out of range"},
           {limit("associations: ^1KiB"), "gateway.limits.associations: '1KiB' is not a number"}});
    check_archive(
        {{"name: m, ae_title: P, host: 10.0.0.5, port: ^0", "archives[0].port: '0' is out of range"}});
}

TEST_CASE("Names, titles, hosts and addresses are checked") {
    check(&Sample::gateway,
          {{"gateway: {ae_title: ^SEVENTEEN_LETTERS}",
            "gateway.ae_title: 'SEVENTEEN_LETTERS' is not an AE title"},
           {"gateway: {ae_title: ^'A\\B'}", "gateway.ae_title: 'A\\B' is not an AE title"},
           {"gateway: {ae_title: ^'   '}", "gateway.ae_title: '   ' is not an AE title"},
           {"gateway: {id: ^\"gate\\n1\"}", "gateway.id: 'gate?1' is not a label"},
           {"gateway: {listen: ^[]}", "gateway.listen: nothing listens"},
           {"gateway: {listen: [{role: ^scanner}]}", "gateway.listen[0].role: unknown value 'scanner'"},
           {"gateway: {listen: [{role: ^ingres}]}",
            "gateway.listen[0].role: unknown value 'ingres'; did you mean ingress?"},
           {"gateway: {listen: [{address: ^localhost}]}",
            "gateway.listen[0].address: 'localhost' is not an address"},
           {"gateway: {listen: [{name: ^a b}]}", "gateway.listen[0].name: 'a b' is not a name"}});
    check_archive(
        {{"ae_title: P, host: 10.0.0.5", "archives[0].name: missing"},
         {"name: ^any, ae_title: P, host: 10.0.0.5", "archives[0].name: 'any' is not a name"},
         {"name: m, host: 10.0.0.5", "archives[0].ae_title: missing"},
         {"name: m, ae_title: P", "archives[0].host: missing"},
         {"name: m, ae_title: P, host: ^'a:104'", "archives[0].host: 'a:104' is not a host"},
         {"name: m, ae_title: P, host: pacs", "archives[0]: where this archive calls from is not known"},
         {"name: m, ae_title: P, host: a, inbound: ^{}", "archives[0].inbound: nothing says how"},
         {"name: m, ae_title: P, host: a, inbound: ^{calling: P}",
          "archives[0].inbound: nothing says how this archive is recognised; an AE title alone"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: 10.0.0.5, calling: ^[]}",
          "archives[0].inbound.calling: an empty list"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: 10.0.0.5, calling: ^'A\\B'}",
          "archives[0].inbound.calling: 'A\\B' is not an AE title"},
         {"name: m, ae_title: P, host: a, inbound: {certificate: ^[]}",
          "archives[0].inbound.certificate: an empty list"},
         {"name: m, ae_title: P, host: a, inbound: {certificate: [^{}]}",
          "archives[0].inbound.certificate[0]: any certificate would do"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: 10.0.0.5, ^title: P}",
          "archives[0].inbound.title: unknown key"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: ^[]}",
          "archives[0].inbound.addresses: an empty list"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: ^pacs}",
          "archives[0].inbound.addresses: 'pacs' is not an address"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: ^10.0.0.0/33}",
          "archives[0].inbound.addresses: '10.0.0.0/33' is not an address"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: ^0.0.0.0/0}",
          "archives[0].inbound.addresses: nearly every address"},
         {"name: m, ae_title: P, host: a, inbound: {addresses: ^'::/0'}",
          "archives[0].inbound.addresses: nearly every address"},
         {"name: m, ae_title: P, host: 10.0.0.5, calling_ae: ^map", "archives[0].calling_ae: unknown value"},
         {"name: m, ae_title: P, host: 10.0.0.5, calling_ae: {map: {A: ^B\\C}}",
          "archives[0].calling_ae.map.A: 'B\\C' is not an AE title"},
         {"name: m, ae_title: P, host: 10.0.0.5, calling_ae: {map: {^A\\B: C}}",
          "archives[0].calling_ae.map: 'A\\B' is not an AE title"},
         {"name: m, ae_title: P, host: 10.0.0.5, durability: ^yes",
          "archives[0].durability: unknown value 'yes'; write one of strict, batch"}});
}

TEST_CASE("Nothing is taken twice") {
    check(&Sample::peers, {{"peers: [{name: ^main, ae_title: WS1, addresses: 10.0.1.7}]",
                            "peers[0].name: the name 'main' is taken"}});
    check(
        &Sample::archives,
        {{"archives:\n  - {name: m, ae_title: P, host: 10.0.0.5}\n  - {name: ^m, ae_title: Q, host: "
          "10.0.0.6}",
          "archives[1].name: the name 'm' is taken"},
         {"archives:\n  - {name: m, ae_title: P, host: 10.0.0.5}\n  - {name: n, ae_title: ^P, host: "
          "10.0.0.6}",
          "archives[1].ae_title: the AE title 'P' belongs to archive 'm' already"},
         {"archives:\n  - {name: m, ae_title: ^PORTCULLIS, host: 10.0.0.5}",
          "archives[0].ae_title: the AE title 'PORTCULLIS' belongs to the gateway already"},
         {"archives:\n  - {name: m, ae_title: P, host: 10.0.0.5, move_titles: [^P]}",
          "archives[0].move_titles[0]: the AE title 'P' belongs to archive 'm' already"},
         {"archives:\n  - {name: m, ae_title: P, host: 10.0.0.5}\n  - ^{name: n, ae_title: Q, host: a, "
          "inbound: {addresses: 10.0.0.0/24}}",
          "archives[1]: what it delivers cannot be told from what archive 'm' does"},
         {"archives:\n  - {name: m, ae_title: P, host: a, inbound: {addresses: 10.0.0.5, calling: [A, B]}}\n"
          "  - ^{name: n, ae_title: Q, host: a, inbound: {addresses: 10.0.0.5, calling: [B, C]}}",
          "archives[1]: what it delivers cannot be told from what archive 'm' does"},
         {"archives:\n  - {name: m, ae_title: P, host: a, inbound: {addresses: 10.0.0.5}}\n"
          "  - ^{name: n, ae_title: Q, host: a, inbound: {certificate: [{subject: CN=q}]}}",
          "archives[1]: what it delivers cannot be told from what archive 'm' does"}});
    check(&Sample::peers, {{"peers:\n  - {name: a, ae_title: A, addresses: 10.0.0.1}\n  - {name: b, "
                            "ae_title: [B, ^A], addresses: 10.0.0.2}",
                            "peers[1].ae_title[1]: the AE title 'A' belongs to peer 'a' already"},
                           {"peers:\n  - {name: a, ae_title: ^PORTCULLIS, addresses: 10.0.0.1}",
                            "peers[0].ae_title: the AE title 'PORTCULLIS' belongs to the gateway already"}});
    check(
        &Sample::gateway,
        {{"gateway:\n  listen:\n    - {name: a, port: 104}\n    - {name: ^a, port: 105}",
          "gateway.listen[1].name: there is a listener 'a' already"},
         {"gateway:\n  listen:\n    - {address: 10.0.0.1, port: 104}\n    - ^{address: 10.0.0.1, port: 104}",
          "gateway.listen[1]: something else listens at 10.0.0.1 port 104 already"},
         {"gateway:\n  listen:\n    - {address: 0.0.0.0, port: 104}\n    - ^{address: 10.0.0.1, port: 104}",
          "gateway.listen[1]: something else listens at 0.0.0.0 port 104 already"}});
    check(&Sample::rest, {{"admin: {listen: ^'0.0.0.0:11112'}\ngateway: {listen: [{port: 11112}]}",
                           "admin.listen: something else listens at 0.0.0.0 port 11112 already"}});
}

TEST_CASE("Small sections are checked") {
    check(&Sample::rest,
          {{"seal: {codec: ^rabbit}", "seal.codec: unknown codec 'rabbit'; write one of none, rabbit-siv"},
           {"seal: {allow: [none, ^sbox]}",
            "seal.allow[1]: unknown codec 'sbox'; write one of none, rabbit-siv"},
           {"seal: {allow: ^[]}", "seal.allow: an empty list"},
           {"seal: ^{codec: none, allow: rabbit-siv}", "seal: what codec 'none' seals could not be opened"},
           {"seal: {on_failure: ^pass}", "seal.on_failure: unknown value 'pass'"},
           {"registry: ^/var/lib/registry.db", "registry: '/var/lib/registry.db' is not a registry"},
           {"registry: ^sqlite://", "registry: 'sqlite://' is not a registry"},
           {"registry: ^sqlite:///var/", "registry: 'sqlite:///var/' is not a registry"},
           {"audit: ^/var/log", "audit: a mapping is expected"},
           {"audit: {identifiers: ^secret}",
            "audit.identifiers: unknown value 'secret'; write one of plain, hashed"},
           {"audit: {checkpoint: ^999ms}", "audit.checkpoint: '999ms' is out of range; write 1s to 1d"},
           {"audit: {rotate: {age: ^367d}}", "audit.rotate.age: '367d' is out of range; write 1m to 366d"},
           {"audit: {rotate: {size: ^1KiB}}", "audit.rotate.size: '1KiB' is out of range; write 65536 to"},
           {"mode: ^learn", "mode: unknown value 'learn'; write one of enforce, observe"},
           {"admin: {listen: ^8104}", "admin.listen: '8104' is not an address and a port"},
           {"admin: {listen: ^'localhost:8104'}", "admin.listen: 'localhost:8104' is not an address"},
           {"admin: {listen: ^'::1:8104'}", "admin.listen: '::1:8104' is not an address"},
           {"admin: {listen: ^'127.0.0.1:'}", "admin.listen: '' is not a number"},
           {"admin: {listen: ^'127.0.0.1:70000'}", "admin.listen: '70000' is out of range"}});
}

TEST_CASE("Plugins are named by an absolute path and a SHA-256") {
    const std::string digits(64, 'a');
    const auto plugin = [](const std::string& text) { return "seal: {plugins: [" + text + "]}"; };
    check(&Sample::rest,
          {{plugin("{path: ^mine.so, sha256: " + digits + "}"),
            "seal.plugins[0].path: 'mine.so' is no absolute path; write where the file is, from / on"},
           {plugin("{path: ^[/mine.so], sha256: " + digits + "}"), "seal.plugins[0].path: "},
           {plugin("{path: /mine.so, sha256: ^" + digits + "a}"), "seal.plugins[0].sha256: 'aaaaaaaa"},
           {plugin("{path: /mine.so, sha256: ^" + digits.substr(1) + "A}"), "seal.plugins[0].sha256: 'aaaa"},
           {plugin("{path: /mine.so, sha256: ^" + digits.substr(1) + "g}"), "seal.plugins[0].sha256: 'aaaa"},
           {plugin("{path: /mine.so, sha256: ^''}"), "seal.plugins[0].sha256: the text is empty"},
           {plugin("^{path: /mine.so}"), "seal.plugins[0].sha256: missing"},
           {plugin("^{sha256: " + digits + "}"), "seal.plugins[0].path: missing"},
           {plugin("{path: /mine.so, sha256: " + digits + ", ^id: mine}"), "seal.plugins[0].id: unknown key"},
           {plugin("^/mine.so"), "seal.plugins[0]: a mapping is expected"},
           {"seal: {plugins: ^/mine.so}", "seal.plugins: a list is expected"}});
}

TEST_CASE("All errors are named at once, in the order of the file") {
    const std::string said = complaint(
        "gateway: {port: 1}\narchives: [{name: m, ae_title: P, host: 10.0.0.5, "
        "port: x}]\npeers: []\nkeys: {keyring: a}\nmode: b\n");
    CHECK_THAT(said, StartsWith("gate.yaml:1:11: gateway.port: unknown key") &&
                         Contains("\ngate.yaml:2:57: archives[0].port: 'x' is not a number") &&
                         Contains("\ngate.yaml:5:7: mode: unknown value 'b'"));
    CHECK(std::count(said.begin(), said.end(), '\n') == 2);
}

TEST_CASE(
    "Rules of what is sealed are tags and creators, each once, and spare what must be sealed and must not") {
    const auto check_regions = [](const std::vector<Row>& rows) {
        check_rows(&Sample::rest, "seal: {regions: {", "}}", rows);
    };
    check_regions(
        {{"also: ^PixelMed", "seal.regions.also: a list is expected"},
         {"also: [^'(0029,10)']", "seal.regions.also[0]: '(0029,10)' is neither a tag nor"},
         {"also: [^'']", "seal.regions.also[0]: the text is empty"},
         {"also: ['ACME', ^'A\\B']", "seal.regions.also[1]: 'A\\B' is neither"},
         {"also: [^PORTCULLIS]", "seal.regions.also[0]: 'PORTCULLIS' is neither"},
         {"also: [^00290010]", "seal.regions.also[0]: '00290010' is no tag of a value"},
         {"also: [^fffee000]", "seal.regions.also[0]: 'fffee000' is no tag of a value"},
         {"never: [^'(0029,0000)']", "seal.regions.never[0]: '(0029,0000)' is no tag of a value"},
         {"also: [^00080018]", "seal.regions.also[0]: '00080018' is read or changed by"},
         {"also: [^00280106]", "seal.regions.also[0]: '00280106' is read or changed by"},
         {"also: [^00204000]", "seal.regions.also[0]: '00204000' is read or changed by"},
         {"never: [^'(7FE0,0010)']", "seal.regions.never[0]: '(7FE0,0010)' is always sealed"},
         {"never: [60003000, ^7fe00009]", "seal.regions.never[1]: '7fe00009' is always sealed"},
         {"also: [ACME, ^ACME]", "seal.regions.also[1]: 'ACME' is named already; keep one"},
         {"also: ['(0008,103E)'], never: [^0008103e]", "seal.regions.never[0]: '0008103e' is named already"},
         {"^only: []", "seal.regions.only: unknown key"}});
    check(&Sample::rest, {{"seal: {mark: ^yes}", "seal.mark: unknown value 'yes'; write one of true, false"},
                          {"seal: {regions: ^[]}", "seal.regions: a mapping is expected"}});
}
