// What the file says, and what it leaves out.

#include <array>
#include <catch2/catch.hpp>

#include "tests/settings/sample.hpp"

using namespace portcullis;
using namespace portcullis::test;
using namespace std::chrono_literals;

namespace {

AeTitle title(std::string_view text) {
    return AeTitle::parse(text).value();
}
IpAddress address(std::string_view text) {
    return IpAddress::parse(text).value();
}

}  // namespace

TEST_CASE("Everything but archives, peers and keys has a default") {
    const Settings settings = Sample{}.read();
    CHECK_FALSE(settings.gateway_id.empty());
    CHECK(settings.tenant == "default");
    CHECK(settings.ae_title == title("PORTCULLIS"));
    REQUIRE(settings.listen.size() == 1);
    CHECK(settings.listen[0].role == Role::both);
    CHECK(settings.listen[0].address == "0.0.0.0");
    CHECK(settings.listen[0].port == 11112);
    CHECK(settings.limits.associations == 500);
    CHECK(settings.limits.per_peer == 50);
    CHECK(settings.limits.pdu == 262144);
    CHECK(settings.limits.free_space == 134217728);
    CHECK(settings.otherwise == policy::Decision::refuse);
    CHECK_FALSE(settings.pass_unregistered);
    CHECK(settings.codec == "rabbit-siv");
    CHECK(settings.codecs_allowed == std::vector<std::string>{"rabbit-siv", "none"});
    CHECK(settings.mark);
    for (const auto* values : {&settings.regions.also, &settings.regions.never}) {
        CHECK(values->tags.empty());
        CHECK(values->creators.empty());
    }
    CHECK(settings.keyring == "/keys");
    CHECK(settings.registry == "sqlite:///var/lib/portcullis/registry.db");
    CHECK(settings.audit == "/var/lib/portcullis/audit");
    CHECK(settings.rotate == Rotate{std::uint64_t{1} << 30, 24h});
    CHECK(settings.checkpoint == 60s);
    CHECK(settings.journal == "/var/lib/portcullis/journal");
    CHECK(settings.admin_address == "127.0.0.1");
    CHECK(settings.admin_port == 8104);
    CHECK(settings.mode == Mode::enforce);

    const Archive& archive = settings.archives.at(0);
    CHECK(archive.port == 104);
    CHECK(archive.move_titles == std::vector{title("PORTCULLIS")});
    REQUIRE(archive.inbound.addresses.size() == 1);
    CHECK(archive.inbound.addresses[0].contains(address("10.0.0.5")));
    CHECK_FALSE(archive.inbound.addresses[0].contains(address("10.0.0.4")));
    CHECK(archive.calling_ae.kind == CallingAe::Kind::mirror);
    CHECK(archive.durability == Durability::strict);
    CHECK(archive.release == Release::stream);
    CHECK(archive.on_refused == OnRefused::resume);
    CHECK(settings.endpoints.at("ws").port == 104);
}

TEST_CASE("Without rules, stores are sealed, questions relayed and retrievals refused") {
    const Settings settings = Sample{}.read();
    const policy::Policy policy(settings.peers, settings.groups, settings.rules, settings.otherwise);
    const auto decided = [&](policy::Operation operation) {
        return policy.decide({operation, title("WS1"), address("10.0.1.7"), title("PACS"), "main", {}, "ws"})
            .decision;
    };
    CHECK(decided(policy::Operation::store) == policy::Decision::seal);
    CHECK(decided(policy::Operation::echo) == policy::Decision::relay);
    CHECK(decided(policy::Operation::find) == policy::Decision::relay);
    CHECK(decided(policy::Operation::commitment) == policy::Decision::relay);
    CHECK(decided(policy::Operation::retrieve) == policy::Decision::refuse);
    CHECK(decided(policy::Operation::push) == policy::Decision::refuse);
}

TEST_CASE("A rule about pushes is read, and decides for an archive") {
    Sample sample;
    sample.gateway = "gateway: {listen: [{role: egress, tls: {certificate: c, key: k, authorities: a}}]}\n";
    sample.peers =
        "peers:\n"
        "  - {name: ws, ae_title: WS1, host: 10.0.1.7, addresses: 10.0.1.7}\n"
        "  - {name: mirror, ae_title: VNA, host: 10.0.2.9, trust: ae-title-only}\n"
        "  - {name: ct, ae_title: CT1, addresses: 10.0.3.1}\n"
        "groups: {viewers: [ws, ct]}\n";
    sample.rest =
        "policy:\n"
        "  rules:\n"
        "    - {operation: [store, push], called: CT1, decide: refuse}\n"
        "    - {operation: push, archive: main, to: viewers, decide: open}\n"
        "    - {operation: push, from: main, to: mirror, network: 10.0.0.5, sop_class: 1.2.3, decide: open}\n"
        "    - {operation: push, from: main, to: mirror, certificate: {subject: CN=a}, decide: refuse}\n"
        "    - {operation: push, from: [main], to: [mirror, viewers], decide: sealed}\n"
        "    - {operation: push, to: any, from: any, decide: sealed}\n";
    const Settings settings = sample.read();
    const policy::Policy policy(settings.peers, settings.groups, settings.rules, settings.otherwise);
    const auto rule = [&](std::string_view called, std::string to, std::string_view sop_class) {
        return policy
            .decide({policy::Operation::push, title("PACS"), address("10.0.0.5"), title(called), "main",
                     Uid::parse(sop_class), std::move(to)})
            .rule;
    };
    CHECK(rule("CT1", "ct", "1.2.3") == "rule 1");
    CHECK(rule("WS1", "ws", "1.2.3") == "rule 2");
    CHECK(rule("VNA", "mirror", "1.2.3") == "rule 3");
    CHECK(rule("VNA", "mirror", "1.2.4") == "rule 5");
}

TEST_CASE("Rules by what an object is, and by the hour, are read") {
    Sample sample;
    sample.rest =
        "policy:\n"
        "  rules:\n"
        "    - {operation: store, modality: MG, hours: '22:00-06:00', decide: refuse}\n"
        "    - {operation: store, institution: ['Phantom*', Universit\xC3\xA4t], decide: pass}\n"
        "    - {operation: store, decide: seal}\n"
        "    - {operation: retrieve, from: ws, to: ws, modality: [CT, MR], hours: [mon-fri 07:00-19:00, "
        "'sat 08:00-12:00'], decide: open}\n"
        "    - {operation: retrieve, from: ws, to: ws, decide: sealed}\n"
        "    - {modality: XA, decide: refuse}\n";
    const Settings settings = sample.read();
    const policy::Policy policy(settings.peers, settings.groups, settings.rules, settings.otherwise);
    policy::Request asked{
        policy::Operation::store, title("WS1"), address("10.0.1.7"), title("PACS"), "main", {}, "ws"};
    asked.object.complete = true;
    asked.object.modality = "MG";
    asked.at = {0, 23 * 60};
    CHECK(policy.decide(asked).rule == "rule 1");
    asked.at = {0, 12 * 60};
    CHECK(policy.decide(asked).rule == "rule 3");
    asked.object.institutions = {{"phantom 1"}};
    CHECK(policy.decide(asked).rule == "rule 2");
    asked.object.institutions = {{"Universit\xC3\xA4t"}};
    CHECK(policy.decide(asked).rule == "rule 2");
    asked.operation = policy::Operation::retrieve;
    CHECK(policy.decide(asked).decision == policy::Decision::sealed);
    asked.object.modality = "MR";
    CHECK(policy.decide(asked).rule == "rule 4");
    asked.at = {5, 12 * 60};
    CHECK(policy.decide(asked).rule == "rule 5");
}

TEST_CASE("An archive is chosen by its own title, and the first by the gateway's") {
    Sample sample;
    sample.archives =
        "archives: [{name: main, ae_title: PACS, host: 10.0.0.5}, {name: old, ae_title: OLD, host: "
        "10.0.0.6}]\n";
    const Settings settings = sample.read();
    const auto chosen = [&](std::string_view called) {
        const auto* archive = settings.archive_for(title(called));
        return archive ? archive->name : "none";
    };
    CHECK(chosen("PACS") == "main");
    CHECK(chosen("OLD") == "old");
    CHECK(chosen("PORTCULLIS") == "main");
    CHECK(chosen("WS1") == "none");
}

TEST_CASE("The gateway's own section is read") {
    Sample sample;
    sample.gateway = R"(gateway:
  id: gate-1
  tenant: st-elsewhere
  ae_title: GATE
  listen:
    - {name: scanners, role: ingress, address: 0.0.0.0, port: 11112}
    - {name: archive, role: egress, address: 10.0.0.1, port: 11113}
    - {role: both, address: "::1", port: 0}
  limits: {associations: 20, per_peer: 3, pdu: 64KiB, artim: 5s, connect: 500ms, idle: 10m, write: 1h,
           response: 1d, shutdown: 2s, free_space: 1GiB}
)";
    const Settings settings = sample.read();
    CHECK(settings.gateway_id == "gate-1");
    CHECK(settings.tenant == "st-elsewhere");
    CHECK(settings.ae_title == title("GATE"));
    REQUIRE(settings.listen.size() == 3);
    CHECK(settings.listen[0].name == "scanners");
    CHECK(settings.listen[0].role == Role::ingress);
    CHECK(settings.listen[1].role == Role::egress);
    CHECK(settings.listen[1].address == "10.0.0.1");
    CHECK(settings.listen[2].role == Role::both);
    CHECK(settings.listen[2].address == "::1");
    CHECK(settings.listen[2].port == 0);
    CHECK(settings.limits.associations == 20);
    CHECK(settings.limits.per_peer == 3);
    CHECK(settings.limits.pdu == 65536);
    CHECK(settings.limits.artim == 5s);
    CHECK(settings.limits.connect == 500ms);
    CHECK(settings.limits.idle == 10min);
    CHECK(settings.limits.write == 1h);
    CHECK(settings.limits.response == 24h);
    CHECK(settings.limits.shutdown == 2s);
    CHECK(settings.limits.free_space == 1073741824);
    CHECK(settings.archives.at(0).move_titles == std::vector{title("GATE")});
}

TEST_CASE("An archive's section is read") {
    Sample sample;
    sample.archives = R"(archives:
  - name: main
    ae_title: PACS
    host: pacs.example
    port: 11112
    move_titles: [GATE1, GATE2]
    inbound: {addresses: [10.0.0.0/24, "fd00::5"]}
    calling_ae: {map: {SCANNER1: GATE1, "CT 2": GATE2}}
    delivery: through
    durability: batch
    release: whole
    on_refused: stop
  - {name: research, ae_title: RESEARCH, host: 10.0.5.5, calling_ae: own}
)";
    const Settings settings = sample.read();
    const Archive& archive = settings.archives.at(0);
    CHECK(archive.host == "pacs.example");
    CHECK(archive.port == 11112);
    CHECK(archive.move_titles == std::vector{title("GATE1"), title("GATE2")});
    REQUIRE(archive.inbound.addresses.size() == 2);
    CHECK(archive.inbound.addresses[1].contains(address("fd00::5")));
    CHECK(archive.calling_ae.kind == CallingAe::Kind::map);
    CHECK(archive.calling_ae.map.at(title("SCANNER1")) == title("GATE1"));
    CHECK(archive.calling_ae.map.at(title("CT 2")) == title("GATE2"));
    CHECK(archive.durability == Durability::batch);
    CHECK(archive.release == Release::whole);
    CHECK(archive.on_refused == OnRefused::stop);
    CHECK(settings.archives.at(1).calling_ae.kind == CallingAe::Kind::own);
}

TEST_CASE(
    "Changed identifiers are warned of and changed geometry is refused, unless the file says otherwise") {
    constexpr std::array identifiers = {0x00080050u, 0x00100020u, 0x00100021u, 0x0020000Du, 0x0020000Eu};
    constexpr std::array geometry = {0x00200032u, 0x00200037u, 0x00200060u,
                                     0x00280030u, 0x00281052u, 0x00281053u};
    const auto returned = [](const std::string& text) {
        Sample sample;
        sample.archives = "archives: [{name: m, ae_title: P, host: 10.0.0.5" + text + "}]\n";
        return sample.read().archives.at(0).returned;
    };
    const auto by_default = returned("");
    const auto swapped = returned(", returned: {identifiers: refuse, geometry: open}");
    for (const auto tag : identifiers) {
        CHECK(by_default.of(tag) == OnChanged::warn);
        CHECK(swapped.of(tag) == OnChanged::refuse);
    }
    for (const auto tag : geometry) {
        CHECK(by_default.of(tag) == OnChanged::refuse);
        CHECK(swapped.of(tag) == OnChanged::open);
    }
    CHECK(by_default.of(0x00280010) == OnChanged::refuse);
    CHECK(by_default.older == OnChanged::warn);
    CHECK(swapped.older == OnChanged::warn);
    CHECK(returned(", returned: {older: refuse}").older == OnChanged::refuse);
    CHECK(returned(", returned: {older: open}").older == OnChanged::open);

    const auto one = returned(", returned: {patient_id: refuse, identifiers: open, rescale_slope: warn}");
    CHECK(one.of(0x00100020) == OnChanged::refuse);
    CHECK(one.of(0x0020000D) == OnChanged::open);
    CHECK(one.of(0x00281053) == OnChanged::warn);
    CHECK(one.of(0x00281052) == OnChanged::refuse);
}

TEST_CASE("An archive renumbers only if the file says so") {
    const auto renumbers = [](const std::string& text) {
        Sample sample;
        sample.archives = "archives: [{name: m, ae_title: P, host: 10.0.0.5" + text + "}]\n";
        return sample.read().archives.at(0).renumbers;
    };
    CHECK_FALSE(renumbers(""));
    CHECK_FALSE(renumbers(", renumbers: false"));
    CHECK(renumbers(", renumbers: true"));
}

TEST_CASE("An archive is found by title, by name, and by where it delivers from") {
    Sample sample;
    sample.archives = R"(archives:
  - {name: main, ae_title: PACS, host: 10.0.0.5, move_titles: [GATE1, GATE2]}
  - {name: research, ae_title: RESEARCH, host: 10.0.0.5, move_titles: [GATE3]}
  - {name: cluster, ae_title: CLUSTER, host: 10.0.6.1, inbound: {addresses: [10.0.6.0/24]}}
)";
    const Settings settings = sample.read();
    const auto name = [](const Archive* archive) { return archive ? archive->name : "none"; };
    CHECK(name(settings.archive_called(title("RESEARCH"))) == "research");
    CHECK(name(settings.archive_called(title("GATE1"))) == "none");
    CHECK(name(settings.archive_called(title("pacs"))) == "none");
    CHECK(name(settings.archive_named("cluster")) == "cluster");
    CHECK(name(settings.archive_named("CLUSTER")) == "none");
    const auto delivering = [&](std::string_view called, std::string_view from) {
        return name(settings.archive_delivering(title(called), {title("ANY"), address(from)}));
    };
    CHECK(delivering("GATE2", "10.0.0.5") == "main");
    CHECK(delivering("GATE3", "::ffff:10.0.0.5") == "research");
    CHECK(delivering("GATE2", "10.0.6.1") == "none");
    CHECK(delivering("PORTCULLIS", "10.0.6.77") == "cluster");
    CHECK(delivering("PORTCULLIS", "10.0.7.77") == "none");
    CHECK(delivering("PACS", "10.0.0.5") == "none");
}

TEST_CASE("Of address, calling title and certificate, what an archive's inbound has must hold") {
    const Certificate node{"CN=node3", {"node3.pacs.example"}, {}, std::string(64, 'a')};
    const Certificate other{"CN=ws1", {"ws1.wards.example"}, {}, std::string(64, 'b')};
    const auto taken = [](const std::string& inbound, std::string_view calling, std::string_view from,
                          const Certificate* certificate) {
        Sample sample;
        sample.archives =
            "archives: [{name: main, ae_title: PACS, host: pacs.example, inbound: {" + inbound + "}}]\n";
        const Caller caller{title(calling), address(from), certificate};
        const auto settings = sample.read();
        const bool calls = settings.archive_calling(caller) != nullptr;
        CHECK((settings.archive_delivering(title("PORTCULLIS"), caller) != nullptr) == calls);
        return calls;
    };
    const std::string addresses = "addresses: [10.0.0.0/24]";
    const std::string calling = "calling: [NODE1, NODE3]";
    const std::string certificate = "certificate: [{san: '*.pacs.example'}, {subject: CN=old}]";
    SECTION("calling titles") {
        CHECK(taken(addresses + ", " + calling, "NODE3", "10.0.0.3", nullptr));
        CHECK_FALSE(taken(addresses + ", " + calling, "PACS", "10.0.0.3", nullptr));
        CHECK_FALSE(taken(addresses + ", " + calling, "NODE3", "10.0.1.3", nullptr));
    }
    SECTION("a certificate from wherever it comes") {
        CHECK(taken(certificate, "PACS", "192.0.2.1", &node));
        CHECK_FALSE(taken(certificate, "PACS", "192.0.2.1", &other));
        CHECK_FALSE(taken(certificate, "PACS", "192.0.2.1", nullptr));
        CHECK_FALSE(taken(certificate + ", " + calling, "PACS", "192.0.2.1", &node));
    }
    SECTION("all of them") {
        const auto all = addresses + ", " + calling + ", " + certificate;
        CHECK(taken(all, "NODE1", "10.0.0.3", &node));
        CHECK_FALSE(taken(all, "PACS", "10.0.0.3", &node));
        CHECK_FALSE(taken(all, "NODE1", "10.0.1.3", &node));
        CHECK_FALSE(taken(all, "NODE1", "10.0.0.3", &other));
        CHECK_FALSE(taken(all, "NODE1", "10.0.0.3", nullptr));
    }
}

TEST_CASE(
    "Of archives at one address that call others, the calling title says which it is, or nobody knows") {
    Sample sample;
    sample.archives = R"(archives:
  - {name: main, ae_title: PACS, host: 10.0.0.5, move_titles: [GATE1]}
  - {name: research, ae_title: RESEARCH, host: 10.0.0.5, move_titles: [GATE2]}
  - {name: old, ae_title: OLD, host: 10.0.0.6, move_titles: [GATE3],
     inbound: {addresses: 10.0.0.5, calling: [NODE1, NODE2]}}
  - {name: older, ae_title: OLDER, host: 10.0.0.6, move_titles: [GATE4],
     inbound: {addresses: [10.0.0.5, 10.0.0.7], calling: [NODE2]}}
)";
    const Settings settings = sample.read();
    const auto calling = [&](std::string_view by, std::string_view from) {
        const auto* archive = settings.archive_calling({title(by), address(from)});
        return archive ? archive->name : "none";
    };
    CHECK(calling("PACS", "10.0.0.5") == "main");
    CHECK(calling("RESEARCH", "10.0.0.5") == "research");
    CHECK(calling("NODE1", "10.0.0.5") == "old");
    CHECK(calling("NODE2", "10.0.0.5") == "none");
    CHECK(calling("NODE2", "10.0.0.7") == "older");
    CHECK(calling("NODE3", "10.0.0.5") == "none");
    CHECK(calling("PACS", "10.0.0.6") == "none");
}

TEST_CASE("Peers, groups and rules are read") {
    Sample sample;
    sample.peers = R"(peers:
  - {name: reading-room, ae_title: [WS1, WS2], host: 10.0.1.7, port: 11112, addresses: [10.0.1.0/29],
     transcode: uncompressed}
  - {name: ct-1, ae_title: CT1, addresses: 10.0.3.0/24, trust: ae-title-only}
  - {name: tablet, ae_title: 12345, trust: ae-title-only}
groups: {viewers: [reading-room, tablet], alone: ct-1}
)";
    sample.rest = R"(policy:
  rules:
    - {name: no ultrasound, operation: store, sop_class: 1.2.840.10008.5.1.4.1.1.6.1, decide: refuse}
    - {operation: [store], archive: main, called: [PACS], network: 10.0.0.0/8, from: [any, ct-1], decide: seal}
    - {operation: retrieve, from: [viewers, ct-1], to: viewers, decide: open}
    - {decide: refuse, user: [nurse, doctor], certificate: [{subject: CN=tab1}, {san: "*.wards.example"}]}
  default: refuse
  unregistered: pass
)";
    const Settings settings = sample.read();
    REQUIRE(settings.peers.size() == 3);
    CHECK(settings.peers[0].ae_titles == std::vector{title("WS1"), title("WS2")});
    CHECK_FALSE(settings.peers[0].title_only);
    CHECK(settings.peers[1].title_only);
    CHECK(settings.peers[1].addresses.size() == 1);
    CHECK(settings.peers[2].ae_titles == std::vector{title("12345")});
    CHECK(settings.peers[2].addresses.empty());
    CHECK(settings.endpoints.size() == 1);
    CHECK(settings.endpoints.at("reading-room").host == "10.0.1.7");
    CHECK(settings.endpoints.at("reading-room").port == 11112);
    CHECK(settings.endpoints.at("reading-room").transcode);
    CHECK_FALSE(Sample().read().endpoints.at("ws").transcode);
    REQUIRE(settings.groups.size() == 2);
    CHECK(settings.groups[0].members == std::vector<std::string>{"reading-room", "tablet"});
    CHECK(settings.groups[1].members == std::vector<std::string>{"ct-1"});

    REQUIRE(settings.rules.size() == 4);
    CHECK(settings.rules[0].name == "no ultrasound");
    CHECK(settings.rules[0].sop_classes.size() == 1);
    CHECK(settings.rules[1].name == "rule 2");
    CHECK(settings.rules[1].archives == std::vector<std::string>{"main"});
    CHECK(settings.rules[1].called == std::vector{title("PACS")});
    CHECK(settings.rules[1].networks.size() == 1);
    CHECK(settings.rules[1].from.empty());  // any
    CHECK(settings.rules[2].from == std::vector<std::string>{"viewers", "ct-1"});
    CHECK(settings.rules[2].to == std::vector<std::string>{"viewers"});
    CHECK(settings.rules[2].decide == policy::Decision::open);
    CHECK(settings.rules[3].operations.empty());
    CHECK(settings.rules[3].users == std::vector<std::string>{"nurse", "doctor"});
    REQUIRE(settings.rules[3].certificates.size() == 2);
    CHECK(settings.rules[3].certificates[0].subject == "CN=tab1");
    CHECK(settings.rules[3].certificates[1].san);
    CHECK(settings.pass_unregistered);
}

TEST_CASE("Budgets and rules that break the glass are read") {
    Sample sample;
    sample.rest = R"(groups: {viewers: ws}
policy:
  rules:
    - {name: reading, operation: retrieve, from: viewers, to: viewers, decide: open}
    - {name: emergency, operation: retrieve, from: ws, to: ws, decide: open, break_glass: true}
  budgets:
    - {name: hourly, of: viewers, per: peer, window: 1h, objects: 5000, studies: 40, bytes: 20GiB, over: refuse}
    - {name: monthly, of: any, per: user, window: 31d, studies: 2, over: sealed}
    - {name: spare, rule: emergency, window: 90500ms, objects: 10}
)";
    const auto settings = sample.read();
    CHECK_FALSE(settings.rules[0].break_glass);
    CHECK(settings.rules[1].break_glass);
    const std::vector<policy::Budget> budgets = {
        {"hourly",
         {"viewers"},
         policy::Per::peer,
         {},
         3600,
         {5000, 40, std::uint64_t{20} << 30},
         policy::Over::refuse},
        {"monthly", {}, policy::Per::user, {}, 31 * 86'400, {{}, 2, {}}, policy::Over::sealed},
        {"spare", {}, policy::Per::peer, {"emergency"}, 91, {10, {}, {}}, policy::Over::refuse}};
    CHECK((settings.budgets == budgets));
    CHECK(Sample{}.read().budgets.empty());
}

TEST_CASE("Seal, registry, audit and admin are read, and paths are relative to the file") {
    Sample sample;
    sample.keys = "keys: {keyring: ../keys}\n";
    sample.rest = R"(seal: {codec: none, allow: none, on_failure: refuse, mode: key}
registry: sqlite://state/objects.db
audit: {log: state/audit/, identifiers: hashed, checkpoint: 5m, rotate: {size: 100MiB, age: 30d}}
mode: enforce
admin: {listen: '[::1]:0'}
)";
    const Settings settings = sample.read();
    CHECK(settings.codec == "none");
    CHECK(settings.codecs_allowed == std::vector<std::string>{"none"});
    CHECK(settings.keyring == "/keys");
    CHECK(settings.registry == "sqlite:///etc/state/objects.db");
    CHECK(settings.audit == "/etc/state/audit");
    CHECK(settings.journal == "/etc/state/journal");
    CHECK(settings.hashed_identifiers);
    CHECK(settings.rotate == Rotate{100 << 20, 720h});
    CHECK(settings.checkpoint == 5min);
    CHECK(settings.admin_address == "::1");
    CHECK(settings.admin_port == 0);
}

TEST_CASE("The mode is read") {
    Sample sample;
    const auto mode = GENERATE(Mode::enforce, Mode::observe);
    sample.rest = "mode: " + std::string(name(mode)) + "\n";
    CHECK(sample.read().mode == mode);
}

TEST_CASE("The mark and the rules of what is sealed are read") {
    Sample sample;
    sample.rest = R"yaml(seal:
  mark: false
  regions:
    also: ["(0008,103e)", 0029100B, SIEMENS CSA HEADER]
    never:
      - (6000,3000)
      - ACME 1.1
)yaml";
    const Settings settings = sample.read();
    CHECK_FALSE(settings.mark);
    CHECK(settings.regions.also.tags == std::vector<std::uint32_t>{0x0008103E, 0x0029100B});
    CHECK(settings.regions.also.creators == std::vector<std::string>{"SIEMENS CSA HEADER"});
    CHECK(settings.regions.never.tags == std::vector<std::uint32_t>{0x60003000});
    CHECK(settings.regions.never.creators == std::vector<std::string>{"ACME 1.1"});
    sample.rest = "seal: {mark: true, regions: {also: [], never: []}}\n";
    CHECK(sample.read().mark);
}
