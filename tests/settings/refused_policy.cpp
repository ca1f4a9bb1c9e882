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
        {"operation: store, from: ^main, decide: seal",
         "policy.rules[0].from: 'main' is an archive, which only from of a push names"},
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
        {"operation: find, to: ^ws, decide: relay", "policy.rules[0].to: only a retrieval or a push has"},
    });
}

TEST_CASE("What an object says is asked of objects, in words that it may use") {
    const std::string no_modality = "policy.rules[0].modality: ";
    const std::string no_institution = "policy.rules[0].institution: ";
    check_rules({
        {"operation: store, modality: ^ct, decide: seal",
         no_modality + "'ct' is no modality, so the rule would never match; write as in CT"},
        {"operation: store, modality: [CT, ^'C T'], decide: seal",
         "policy.rules[0].modality[1]: 'C T' is no"},
        {"operation: store, modality: ^'', decide: seal", no_modality + "the text is empty"},
        {"operation: store, modality: ^[], decide: seal", no_modality + "an empty list"},
        {"operation: store, modality: ^CTCTCTCTCTCTCTCTC, decide: seal",
         no_modality + "'CTCTCTCTCTCTCTCTC' is"},
        {"operation: store, modality: ^{is: CT}, decide: seal", no_modality},
        {"operation: echo, modality: ^CT, decide: relay",
         no_modality + "operation echo is about no object, so the rule would never match it"},
        {"operation: [store, find], modality: ^CT, decide: refuse",
         no_modality + "operation find is about no object"},
        {"operation: worklist, institution: ^A, decide: relay",
         no_institution + "operation worklist is about no object"},
        {"operation: store, institution: ^'', decide: seal", no_institution + "the text is empty"},
        {"operation: store, institution: ^[], decide: seal", no_institution + "an empty list"},
        {"operation: store, institution: ^'*', decide: seal",
         no_institution + "'*' is no name of an institution"},
        {"operation: store, institution: ^'A*B', decide: seal", no_institution + "'A*B' is no name"},
        {"operation: store, institution: ^'" + std::string(129, 'A') + "', decide: seal", no_institution},
    });
}

TEST_CASE("Windows of time are checked") {
    for (const char* window : {"07:00", "7:00-19:00", "07:00-25:00", "07:00-07:00", "mon-fri", "noon-19:00",
                               "monday 07:00-19:00", "mon-fri 07:00 - 19:00"})
        check_rules({{"operation: store, hours: ^'" + std::string(window) + "', decide: seal",
                      "policy.rules[0].hours: '" + std::string(window) +
                          "' is no window of time; write, in quotes, as in 07:00-19:00"}});
    check_rules({
        {"operation: store, hours: ^[], decide: seal", "policy.rules[0].hours: an empty list"},
        {"operation: store, hours: ['07:00-19:00', ^'19'], decide: seal",
         "policy.rules[0].hours[1]: '19' is no"},
        {"operation: store, hours: ^{from: '07:00'}, decide: seal", "policy.rules[0].hours: "},
    });
}

TEST_CASE("A rule about pushes names archives, and peers that can be called") {
    check_rules({
        {"operation: push, from: ^ws, to: viewers, decide: open",
         "policy.rules[0].from: 'ws' is no archive, and only archives push; write main"},
        {"operation: push, from: [main, ^viewers], to: viewers, decide: open",
         "policy.rules[0].from[1]: 'viewers' is no archive"},
        {"operation: push, from: ^mian, to: viewers, decide: open",
         "policy.rules[0].from: there is no archive 'mian'; did you mean main?"},
        {"operation: push, from: main, to: ^main, decide: sealed",
         "policy.rules[0].to: 'main' is an archive, which only from of a push names"},
        {"from: ^main, decide: refuse", "policy.rules[0].from: 'main' is an archive"},
        {"operation: [push, retrieve], from: ^main, to: viewers, decide: open",
         "policy.rules[0].from: a push comes from archives, and the other operations from peers; write a "
         "rule"},
        {"operation: push, to: viewers, decide: open",
         "policy.rules[0]: it would be opened whichever archive pushes; name archives"},
        {"operation: push, from: ^any, to: viewers, decide: open",
         "policy.rules[0].from: it would be opened whichever archive pushes"},
        {"operation: [push, retrieve], archive: main, to: viewers, decide: open",
         "policy.rules[0]: opening for anybody"},
        {"operation: push, from: main, decide: open", "policy.rules[0]: opening to anybody"},
        {"operation: push, user: ^nurse, decide: refuse",
         "policy.rules[0].user: an archive that pushes names"},
        {"operation: push, certificate: ^{subject: CN=a}, decide: refuse",
         "policy.rules[0].certificate: archives call without a certificate"},
    });
    for (const char* decision : {"seal", "pass", "relay"})
        check_rules(
            {{"operation: push, from: main, to: ws, decide: ^" + std::string(decision),
              "policy.rules[0].decide: '" + std::string(decision) + "' does not fit operation push"}});
    for (const char* operation : {"store", "echo", "other"})
        check_rules({{"operation: " + std::string(operation) + ", decide: ^sealed",
                      "policy.rules[0].decide: 'sealed' does not fit operation " + std::string(operation)}});
    check_rows(&Sample::peers,
               "peers: [{name: ws, ae_title: WS1, host: 10.0.1.7, addresses: 10.0.1.7}, {name: ct, ae_title: "
               "CT1, addresses: 10.0.3.1}]\ngroups: {viewers: [ct, ws], scanners: ct}\npolicy: {rules: [{",
               "}]}",
               {{"operation: push, from: main, to: ^ct, decide: sealed",
                 "policy.rules[0].to: nothing can be pushed to 'ct', whose host is not known; add host"},
                {"operation: push, from: main, to: [viewers, ^scanners], decide: open",
                 "policy.rules[0].to[1]: nothing can be pushed to 'scanners'"}});
}

TEST_CASE("A rule that breaks the glass opens retrievals, and has a name") {
    check_rules({
        {"name: a, operation: retrieve, from: viewers, to: viewers, decide: open, break_glass: ^yes",
         "policy.rules[0].break_glass: unknown value 'yes'"},
        {"operation: retrieve, from: viewers, to: viewers, decide: open, break_glass: ^true",
         "policy.rules[0].break_glass: the alert could not name the rule; give the rule a name"},
        {"name: a, operation: retrieve, decide: refuse, break_glass: ^true",
         "policy.rules[0].break_glass: only a rule that opens retrievals can break the glass"},
        {"name: a, operation: push, from: main, to: ws, decide: open, break_glass: ^true",
         "policy.rules[0].break_glass: only a rule that opens retrievals"},
        {"name: a, decide: refuse, break_glass: ^true",
         "policy.rules[0].break_glass: only a rule that opens"},
    });
}

TEST_CASE("Budgets are checked") {
    check_rows(
        &Sample::rest,
        "groups: {viewers: ws}\npolicy:\n  rules:\n"
        "    - {name: reading, operation: retrieve, from: ws, to: ws, decide: open}\n"
        "    - {name: sealing, operation: store, decide: seal}\n  budgets:\n    - {",
        "}",
        {
            {"window: 1h, objects: 1", "policy.budgets[0].name: missing"},
            {"name: ^'a b', window: 1h, objects: 1", "policy.budgets[0].name: 'a b' is not a name"},
            {"name: a, objects: 1", "policy.budgets[0].window: missing"},
            {"name: a, window: 1h", "policy.budgets[0]: a budget without a limit; write objects, studies"},
            {"name: a, window: ^59s, objects: 1",
             "policy.budgets[0].window: '59s' is out of range; write 1m to 31d"},
            {"name: a, window: ^32d, objects: 1", "policy.budgets[0].window: '32d' is out of range"},
            {"name: a, window: ^hour, objects: 1", "policy.budgets[0].window: 'hour' is not a duration"},
            {"name: a, window: 1h, objects: ^0", "policy.budgets[0].objects: '0' is out of range"},
            {"name: a, window: 1h, studies: ^100001", "policy.budgets[0].studies: '100001' is out of range"},
            {"name: a, window: 1h, bytes: ^20GB", "policy.budgets[0].bytes: '20GB' is not a size"},
            {"name: a, window: 1h, objects: 1, of: ^main",
             "policy.budgets[0].of: there is no peer or group 'main'"},
            {"name: a, window: 1h, objects: 1, of: [ws, ^viewer]",
             "policy.budgets[0].of[1]: there is no peer or group 'viewer'; did you mean viewers?"},
            {"name: a, window: 1h, objects: 1, per: ^group", "policy.budgets[0].per: unknown value 'group'"},
            {"name: a, window: 1h, objects: 1, over: ^alert",
             "policy.budgets[0].over: unknown value 'alert'"},
            {"name: a, window: 1h, objects: 1, rule: ^sealing",
             "policy.budgets[0].rule: there is no rule 'sealing' that opens retrievals; "},
            {"name: a, window: 1h, objects: 1, ^objekts: 1",
             "policy.budgets[0].objekts: unknown key; did you mean objects?"},
            {"name: a, window: 1h, objects: 1}\n    - ^{name: a, window: 1h, objects: 1",
             "policy.budgets[1]: there is a budget 'a' already"},
        });
}

TEST_CASE("Two rules cannot have one name: the audit says which rule decided") {
    check_rows(&Sample::rest, "policy:\n  rules:\n", "",
               {{"    - {decide: refuse, name: a}\n    - ^{decide: refuse, name: a}",
                 "policy.rules[1]: there is a rule 'a' already"}});
}

TEST_CASE("The default can only refuse") {
    for (const char* decision : {"seal", "pass", "open", "sealed", "relay"})
        check_rows(
            &Sample::rest, "policy: {default: ", "}",
            {{std::string("^") + decision, "policy.default: the default decides whatever no rule names"}});
}
