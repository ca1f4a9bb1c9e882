// What is wrong in peers, groups and rules: above all what would open to somebody nobody named.

#include <catch2/catch.hpp>

#include "tests/settings/sample.hpp"

using namespace portcullis;
using namespace portcullis::test;

namespace {

void check_rules(const std::vector<Row>& rows) {
    check_rows(&Sample::rest, "groups: {viewers: ws}\npolicy:\n  rules:\n    - {", "}", rows);
}
void check_peer(const std::vector<Row>& rows) {
    check_rows(&Sample::peers, "peers: [{", "}]", rows);
}

}  // namespace

TEST_CASE("A title alone is no identity unless somebody says so") {
    check_peer({{"name: a, ae_title: A", "peers[0]: an AE title alone is no identity"},
                {"name: a, ae_title: A, host: 10.0.0.1", "peers[0]: an AE title alone is no identity"},
                {"name: a, ae_title: A, addresses: ^[]", "peers[0].addresses: an empty list"},
                {"name: a, ae_title: A, addresses: ^0.0.0.0/0", "peers[0].addresses: nearly every address"},
                {"name: a, ae_title: A, addresses: [10.0.0.1, ^128.0.0.0/1]",
                 "peers[0].addresses[1]: nearly every address"},
                {"name: a, ae_title: A, addresses: ^'::/0'", "peers[0].addresses: nearly every address"},
                {"name: a, ae_title: A, addresses: ^'::ffff:0.0.0.0/0'", "peers[0].addresses: nearly every"},
                {"name: a, ae_title: A, addresses: 10.0.0.1, trust: ^yes",
                 "peers[0].trust: unknown value 'yes'; write ae-title-only"}});
}

TEST_CASE("Peers are checked") {
    check_peer(
        {{"ae_title: A, addresses: 10.0.0.1", "peers[0].name: missing"},
         {"name: a, addresses: 10.0.0.1", "peers[0].ae_title: missing"},
         {"name: a, ae_title: ^[], addresses: 10.0.0.1", "peers[0].ae_title: an empty list"},
         {"name: a, ae_title: A, addresses: 10.0.0.1, port: ^104", "peers[0].port: a port without a host"},
         {"name: a, ae_title: A, addresses: 10.0.0.1, transcode: ^uncompressed",
          "peers[0].transcode: it is about calling the peer, whose host is not known"},
         {"name: a, ae_title: A, addresses: 10.0.0.1, host: h, transcode: ^yes",
          "peers[0].transcode: unknown value 'yes'"},
         {"name: a, ae_title: A, addresses: 10.0.0.1, host: h, transcode: ^[uncompressed]",
          "peers[0].transcode: "},
         {"name: a, ae_title: A, addresses: ^ws.example", "peers[0].addresses: 'ws.example' is not an"},
         {"name: a, ae_title: A, ^address: 10.0.0.1, trust: ae-title-only",
          "peers[0].address: unknown key; did you mean addresses?"}});
}

TEST_CASE("Groups hold peers that there are") {
    check_rows(
        &Sample::rest, "", "",
        {
            {"groups: {viewers: [ws, ^wx]}", "groups.viewers[1]: there is no peer 'wx'; did you mean ws?"},
            {"groups: {viewers: ^main}", "groups.viewers: there is no peer 'main'"},
            {"groups: {viewers: ws, all: ^viewers}", "groups.all: there is no peer 'viewers'"},
            {"groups: {^ws: ws}", "groups: the name 'ws' is taken"},
            {"groups: {^main: ws}", "groups: the name 'main' is taken"},
            {"groups: {^any: ws}", "groups: 'any' is not a name"},
            {"groups: ^[viewers]", "groups: a mapping is expected"},
            {"groups: {viewers: ^[]}", "groups.viewers: an empty list"},
        });
}

TEST_CASE("A rule cannot open for anybody or to anybody") {
    check_rules({
        {"operation: retrieve, to: viewers, decide: open", "policy.rules[0]: opening for anybody"},
        {"operation: retrieve, from: ^any, to: viewers, decide: open",
         "policy.rules[0].from: opening for anybody would open for strangers; name peers or groups"},
        {"operation: retrieve, from: ^[ws, any], to: viewers, decide: open",
         "policy.rules[0].from: opening for anybody"},
        {"operation: retrieve, from: viewers, decide: open", "policy.rules[0]: opening to anybody"},
        {"operation: retrieve, from: viewers, to: ^any, decide: open",
         "policy.rules[0].to: opening to anybody would open to strangers"},
        {"from: viewers, to: viewers, decide: ^open",
         "policy.rules[0].decide: without operation the rule is about every operation"},
    });
}

TEST_CASE("Rules are checked") {
    check_rules({
        {"operation: store", "policy.rules[0].decide: missing"},
        {"operation: store, decide: ^allow", "policy.rules[0].decide: unknown value 'allow'"},
        {"operation: ^stor, decide: seal",
         "policy.rules[0].operation: unknown value 'stor'; did you mean store?"},
        {"operation: ^[], decide: refuse", "policy.rules[0].operation: an empty list"},
        {"operation: store, decide: ^open", "policy.rules[0].decide: 'open' does not fit operation store"},
        {"operation: store, decide: ^relay", "policy.rules[0].decide: 'relay' does not fit"},
        {"operation: retrieve, decide: ^seal", "policy.rules[0].decide: 'seal' does not fit"},
        {"operation: retrieve, decide: ^pass", "policy.rules[0].decide: 'pass' does not fit"},
        {"operation: [echo, retrieve], decide: ^relay",
         "policy.rules[0].decide: 'relay' does not fit operation retrieve"},
        {"decide: ^seal", "policy.rules[0].decide: without operation"},
        {"operation: store, from: ^vievers, decide: seal",
         "policy.rules[0].from: there is no peer or group 'vievers'; did you mean viewers?"},
        {"operation: store, from: ^main, decide: seal", "policy.rules[0].from: an archive that sends"},
        {"operation: store, archive: ^ws, decide: seal", "policy.rules[0].archive: there is no archive 'ws'"},
        {"operation: store, called: ^'A\\B', decide: seal",
         "policy.rules[0].called: 'A\\B' is not an AE title"},
        {"operation: store, sop_class: ^CT, decide: seal", "policy.rules[0].sop_class: 'CT' is not a UID"},
        {"operation: store, network: ^ward, decide: seal",
         "policy.rules[0].network: 'ward' is not an address"},
        {"decide: refuse, user: ^[]", "policy.rules[0].user: an empty list"},
        {"decide: refuse, user: ^{name: nurse}", "policy.rules[0].user: "},
        {"decide: refuse, certificate: ^[]", "policy.rules[0].certificate: an empty list"},
        {"decide: refuse, certificate: ^{}", "policy.rules[0].certificate: any certificate would do"},
        {"operation: find, to: ^ws, decide: relay", "policy.rules[0].to: only a retrieval has a destination"},
    });
}

TEST_CASE("Two rules cannot have one name: the audit says which rule decided") {
    check_rows(&Sample::rest, "policy:\n  rules:\n", "",
               {{"    - {decide: refuse, name: a}\n    - ^{decide: refuse, name: a}",
                 "policy.rules[1]: there is a rule 'a' already"}});
}

TEST_CASE("The default can only refuse") {
    for (const char* decision : {"seal", "pass", "open", "relay"})
        check_rows(
            &Sample::rest, "policy: {default: ", "}",
            {{std::string("^") + decision, "policy.default: the default decides whatever no rule names"}});
}
