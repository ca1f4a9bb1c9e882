// policy explain: a request in words, and which rule decides about it.

#include <catch2/catch.hpp>

#include "tests/cli/typed.hpp"
#include "tests/tls/certificates.hpp"

using namespace portcullis;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const std::string rules = R"(archives:
  - {name: main, ae_title: PACS, host: 10.0.0.5}
  - {name: old, ae_title: OLD, host: 10.0.0.6}
peers:
  - {name: ws, ae_title: WS1, host: 10.0.1.7, addresses: [10.0.1.7]}
  - {name: tablet, ae_title: TAB1, host: 10.0.1.8, trust: ae-title-only}
  - {name: ct, ae_title: CT1, addresses: [10.0.3.0/24]}
groups: {viewers: [ws, tablet]}
policy:
  rules:
    - {name: no old stores, operation: store, archive: old, decide: refuse}
    - {name: phantoms, operation: store, institution: "Phantom*", decide: pass}
    - {name: seal, operation: store, decide: seal}
    - {name: ask, operation: [echo, find], hours: "06:00-20:00", decide: relay}
    - {name: nights, operation: retrieve, from: viewers, to: viewers, user: doctor, hours: "sun 22:00-06:00", decide: open}
    - {name: by card, operation: retrieve, from: viewers, to: viewers, certificate: [{subject: "CN=card"}, {san: "*.wards.example"}], decide: open}
    - {name: ct only, operation: retrieve, from: viewers, to: viewers, modality: CT, decide: open}
    - {name: copy, operation: push, from: main, to: ws, decide: sealed}
keys: {keyring: keys}
audit: {log: audit}
)";

struct Asks {
    Folder folder;
    const std::string config = folder.write("gate.yaml", rules);

    Answer operator()(std::vector<const char*> words, bool json = true) const {
        words.insert(words.begin(), {"policy", "explain", "--config", config.c_str()});
        if (json) words.push_back("--json");
        return type(words);
    }
    /// "open by ct only", or "depends on modality".
    std::string decided(const std::vector<const char*>& words) const {
        const auto answer = (*this)(words);
        INFO(answer.err);
        REQUIRE(answer.status == 0);
        const auto json = answer.json();
        if (json["decision"].is_null()) return "depends on " + json["depends_on"].dump();
        return json["decision"].get<std::string>() + " by " + json["rule"].get<std::string>();
    }
};

const std::vector<const char*> viewer = {"--operation", "retrieve",  "--calling",
                                         "WS1",         "--address", "10.0.1.7"};

std::vector<const char*> with(std::vector<const char*> words, const std::vector<const char*>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

TEST_CASE("explain says which rule decides about a request that is described") {
    const Asks asks;
    CHECK(asks.decided(with(viewer, {"--to", "WS1", "--modality", "CT"})) == "open by ct only");
    CHECK(asks.decided(with(viewer, {"--to", "WS1", "--modality", "MR"})) == "refuse by default");
    CHECK(asks.decided(with(viewer, {"--to", "WS1", "--modality", ""})) == "refuse by default");
    CHECK(asks.decided(with(viewer, {"--to", "WS1"})) == "depends on [\"modality\"]");
    CHECK(asks.decided(with(viewer, {"--to", "WS1", "--user", "doctor", "--at", "2026-11-29T22:15"})) ==
          "open by nights");  // a Sunday
    CHECK(asks.decided(with(viewer, {"--to", "WS1", "--user", "doctor", "--at", "2026-11-30T05:59"})) ==
          "open by nights");
    CHECK(asks.decided(with(viewer, {"--to", "WS1", "--user", "doctor", "--at", "2026-11-30T06:00",
                                     "--modality", "MR"})) == "refuse by default");
    CHECK(asks.decided(with(viewer, {"--to", "WS1", "--subject", "CN=card"})) == "open by by card");
    CHECK(asks.decided({"--operation", "retrieve", "--calling", "WS1", "--address", "10.0.1.6", "--to", "WS1",
                        "--modality", "CT"}) == "refuse by default");
    CHECK(asks.decided({"--operation", "push", "--calling", "PACS", "--address", "10.0.0.5", "--to",
                        "WS1"}) == "sealed by copy");
    CHECK(asks.decided({"--operation", "push", "--calling", "OLD", "--address", "10.0.0.6", "--to", "WS1"}) ==
          "refuse by default");
    CHECK(asks.decided({"--operation", "echo", "--calling", "X", "--address", "::1", "--at",
                        "2026-11-29T20:00"}) == "refuse by default");
}

TEST_CASE("explain reads the certificate that the caller would show, or what would be in it") {
    const Asks asks;
    const test::CertificateFolder folder;
    const test::Authority authority(folder, "authority");
    const auto ward = authority.issue("tab1", {.alternative_names = "DNS:tab1.wards.example"}).certificate;
    const auto other = authority.issue("tab2", {.alternative_names = "DNS:tab1.example"}).certificate;
    const auto asked = with(viewer, {"--to", "WS1", "--modality", "MR"});
    CHECK(asks.decided(with(asked, {"--certificate", ward.c_str()})) == "open by by card");
    CHECK(asks.decided(with(asked, {"--certificate", other.c_str()})) == "refuse by default");
    CHECK(asks.decided(with(asked, {"--san", "tab9.wards.example"})) == "open by by card");
    CHECK(asks.decided(with(asked, {"--san", "a.example", "--san", "b.wards.example"})) == "open by by card");
    CHECK(asks.decided(with(asked, {"--san", "10.0.0.1"})) == "refuse by default");
}

TEST_CASE("explain without a destination is a C-GET, which a title alone does not open") {
    const Asks asks;
    CHECK(asks.decided(with(viewer, {"--modality", "CT"})) == "open by ct only");
    const std::vector<const char*> tablet = {"--operation", "retrieve",     "--calling",  "TAB1",
                                             "--address",   "198.51.100.1", "--modality", "CT"};
    CHECK(asks.decided(with(tablet, {"--to", "TAB1"})) == "open by ct only");
    CHECK(asks.decided(tablet) == "refuse by default");
}

TEST_CASE("explain chooses the archive as an association does") {
    const Asks asks;
    const std::vector<const char*> scanner = {"--operation", "store",    "--calling",     "CT1",
                                              "--address",   "10.0.3.9", "--institution", "City Hospital"};
    CHECK(asks.decided(scanner) == "seal by seal");
    CHECK(asks.decided(with(scanner, {"--called", "OLD"})) == "refuse by no old stores");
    CHECK(asks.decided(with(scanner, {"--archive", "old"})) == "refuse by no old stores");
    CHECK(asks.decided(with(scanner, {"--called", "PORTCULLIS"})) == "seal by seal");
    CHECK(asks.decided(with(scanner, {"--institution", "Phantom Lab"})) == "pass by phantoms");
    const auto answer = asks(with(scanner, {"--called", "PORTCULLIS"})).json();
    CHECK(answer["archive"] == "main");
    CHECK(answer["called"] == "PORTCULLIS");
    CHECK(answer["from"] == "ct");
}

TEST_CASE("explain says of each rule what does not hold, with both values") {
    const Asks asks;
    const auto answer =
        asks(with(viewer, {"--to", "WS1", "--modality", "MR", "--at", "2026-11-29T22:15"})).json();
    CHECK(answer["from"] == "ws");
    CHECK(answer["at"] == "sun 22:15");
    CHECK(answer["not_looked_at"] == 0);
    REQUIRE(answer["rules"].size() == 8);
    const auto& ct_only = answer["rules"][6];
    CHECK(ct_only["rule"] == "ct only");
    CHECK(ct_only["matches"] == "no");
    CHECK(ct_only["unmet"] ==
          nlohmann::json::parse(
              R"([{"condition": "modality", "holds": "no", "wanted": "CT", "given": "MR"}])"));
    const auto text = asks(with(viewer, {"--to", "WS1", "--modality", "MR"}), false);
    CHECK_THAT(text.out,
               StartsWith("retrieve by WS1 at 10.0.1.7: from ws\narchive main, called PACS, to ws, "));
    CHECK_THAT(text.out, Contains("no       ct only: open\n           modality: MR; wanted: CT\n"));
    CHECK_THAT(text.out, Catch::Matchers::EndsWith("\nrefuse, by default\n"));
    const auto open = asks(with(viewer, {"--to", "WS1"}), false);
    CHECK_THAT(open.out, Contains("depends  ct only: open\n           modality: not known; wanted: CT\n"));
    CHECK_THAT(open.out,
               Catch::Matchers::EndsWith(
                   "\ndepends on modality of the object: open, by ct only; or refuse, by default\n"));
}

TEST_CASE("What explain cannot read is one line and exit status 2") {
    const Asks asks;
    const std::vector<std::pair<std::vector<const char*>, const char*>> wrong = {
        {{"--operation", "steal", "--calling", "A", "--address", "::1"}, "--operation: 'steal'"},
        {{"--operation", "store", "--calling", "A\\B", "--address", "::1"}, "--calling: "},
        {{"--operation", "store", "--calling", "A", "--address", "ward"}, "--address: 'ward'"},
        {with(viewer, {"--at", "tomorrow"}), "--at: 'tomorrow'"},
        {with(viewer, {"--at", "2026-02-30T10:00"}), "--at: '2026-02-30T10:00'"},
        {with(viewer, {"--at", "2026-11-29T24:00"}), "--at: "},
        {with(viewer, {"--to", "WS9"}), "--to: no peer with a host is called 'WS9'"},
        {with(viewer, {"--to", "CT1"}), "--to: no peer with a host is called 'CT1'"},
        {with(viewer, {"--called", "WS1"}), "--called: no archive answers to 'WS1'"},
        {with(viewer, {"--archive", "new"}), "--archive: there is no archive 'new'"},
        {with(viewer, {"--archive", "main", "--called", "OLD"}), "--archive: 'OLD' calls old, not main"},
        {with(viewer, {"--sop-class", "CT"}), "--sop-class: 'CT'"},
        {with(viewer, {"--certificate", "/nowhere.pem"}), "--certificate: "},
        {{"--operation", "store", "--calling", "A", "--address", "::1", "--to", "WS1"}, "--to: store has no"},
        {{"--operation", "echo", "--calling", "A", "--address", "::1", "--modality", "CT"},
         "--operation: echo"},
        {{"--operation", "push", "--calling", "PACS", "--address", "10.0.0.5"}, "--to: a push calls"},
        {{"--operation", "push", "--calling", "PACS", "--address", "10.0.9.9", "--to", "WS1"},
         "--address: no archive is known"},
        {{"--operation", "store", "--calling", "A"}, "portcullis: --address is required"},
    };
    for (const auto& [words, said] : wrong) {
        const auto answer = asks(words);
        CHECK(answer.status == 2);
        CHECK(answer.out.empty());
        CHECK_THAT(answer.err, StartsWith(said));
        CHECK(is_one_line(answer.err));
    }
}
