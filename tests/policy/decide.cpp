// What is decided: the first rule whose every condition holds. Each row of a table is one request.

#include <catch2/catch.hpp>

#include "tests/policy/hospital.hpp"

using namespace portcullis;
using namespace portcullis::policy;

namespace {

const auto ct = Uid::parse("1.2.840.10008.5.1.4.1.1.2").value();
const auto us = Uid::parse("1.2.840.10008.5.1.4.1.1.6.1").value();

Rule rule(std::string name, std::vector<Operation> operations, Decision decide) {
    Rule made;
    made.name = std::move(name);
    made.operations = std::move(operations);
    made.decide = decide;
    return made;
}

/// The policy of the documentation, and three refusals before it.
Policy hospital() {
    Rule no_ultrasound = rule("no ultrasound", {Operation::store}, Decision::refuse);
    no_ultrasound.sop_classes = {us};
    Rule not_from_guests = rule("not from guests", {}, Decision::refuse);
    not_from_guests.networks = {network("192.168.0.0/16")};
    Rule research_is_read_only = rule("research is read-only", {Operation::store}, Decision::refuse);
    research_is_read_only.archives = {"research"};
    Rule teaching = rule("teaching", {Operation::store}, Decision::pass);
    teaching.called = {title("TEACH")};
    teaching.from = {"ct-1"};
    Rule open = rule("open", {Operation::retrieve}, Decision::open);
    open.from = {"viewers", "ward"};
    open.to = {"viewers", "mirror"};
    return Policy(hospital_peers(), hospital_groups(),
                  {no_ultrasound, not_from_guests, research_is_read_only, teaching,
                   rule("seal", {Operation::store}, Decision::seal), open,
                   rule("relay", {Operation::echo, Operation::find, Operation::other}, Decision::relay)},
                  Decision::refuse);
}

struct Row {
    Operation operation;
    const char* calling;
    const char* from;
    const char* to;
    Decision decision;
    const char* rule;
    const char* recognised;
};

Request request(const Row& row) {
    Request made{row.operation, title(row.calling), address(row.from), title("PACS"), "main", ct, {}};
    if (row.to) made.to = row.to;
    return made;
}

void check(const Policy& policy, const Request& asked, const Row& row) {
    INFO(name(row.operation) << " by " << row.calling << " from " << row.from << " to "
                             << (row.to ? row.to : "nobody"));
    const Verdict verdict = policy.decide(asked);
    CHECK(name(verdict.decision) == name(row.decision));
    CHECK(verdict.rule == row.rule);
    CHECK(verdict.from == row.recognised);
}

void check(const std::vector<Row>& rows) {
    const Policy policy = hospital();
    for (const Row& row : rows) check(policy, request(row), row);
}

constexpr auto retrieve = Operation::retrieve;
constexpr auto refuse = Decision::refuse;

}  // namespace

TEST_CASE("Scanners, known and unknown, are sealed") {
    check({
        {Operation::store, "CT1", "10.0.3.1", nullptr, Decision::seal, "seal", "ct-1"},
        {Operation::store, "CT1", "10.0.4.1", nullptr, Decision::seal, "seal", ""},
        {Operation::store, "NEW", "10.0.3.1", nullptr, Decision::seal, "seal", ""},
    });
}

TEST_CASE("A viewer retrieves to itself and to another viewer") {
    check({
        {retrieve, "WS1", "10.0.1.7", "reading-room", Decision::open, "open", "reading-room"},
        {retrieve, "WS2", "10.0.1.8", "reading-room", Decision::open, "open", "reading-room"},
        {retrieve, "WS1", "10.0.1.7", "clinic", Decision::open, "open", "reading-room"},
        {retrieve, "WS1", "10.0.1.7", "mirror", Decision::open, "open", "reading-room"},
        {retrieve, "CLINIC", "fd00:1::1", "reading-room", Decision::open, "open", "clinic"},
        {retrieve, "WARD", "10.0.9.1", "clinic", Decision::open, "open", "ward"},
        {retrieve, "TAB1", "198.51.100.1", "tablet", Decision::open, "open", "tablet"},
    });
}

TEST_CASE("An impostor opens nothing") {
    check({
        {retrieve, "WS1", "10.0.1.6", "reading-room", refuse, "default", ""},
        {retrieve, "WS1", "10.0.3.1", "reading-room", refuse, "default", ""},
        {retrieve, "WS1", "::1", "reading-room", refuse, "default", ""},
        {retrieve, "CLINIC", "10.0.1.7", "reading-room", refuse, "default", ""},
        {retrieve, "ws1", "10.0.1.7", "reading-room", refuse, "default", ""},
        {retrieve, "NOBODY", "10.0.1.7", "reading-room", refuse, "default", ""},
        {retrieve, "WARD", "10.0.8.1", "reading-room", refuse, "default", ""},
    });
}

TEST_CASE("A known peer that no rule names opens nothing, nor to a destination that no rule names") {
    check({
        {retrieve, "CT1", "10.0.3.1", "reading-room", refuse, "default", "ct-1"},
        {retrieve, "VNA", "10.0.2.9", "mirror", refuse, "default", "mirror"},
        {retrieve, "WS1", "10.0.1.7", "ct-1", refuse, "default", "reading-room"},
        {retrieve, "WS1", "10.0.1.7", "ward", refuse, "default", "reading-room"},
        {retrieve, "WS1", "10.0.1.7", "viewers", refuse, "default", "reading-room"},  // a group is no peer
        {retrieve, "WS1", "10.0.1.7", "unheard-of", refuse, "default", "reading-room"},
        {retrieve, "WS1", "10.0.1.7", "", refuse, "default", "reading-room"},
        {retrieve, "WS1", "10.0.1.7", nullptr, refuse, "default", "reading-room"},
    });
}

TEST_CASE("What no rule names is decided by the default") {
    check({
        {Operation::find, "WS1", "10.0.1.7", nullptr, Decision::relay, "relay", "reading-room"},
        {Operation::echo, "NOBODY", "10.0.1.7", nullptr, Decision::relay, "relay", ""},
        {Operation::worklist, "CT1", "10.0.3.1", nullptr, refuse, "default", "ct-1"},
        {Operation::push, "PACS", "10.0.0.5", "mirror", refuse, "default", "main"},
    });
}

TEST_CASE("The first rule that matches decides, by network and by class") {
    check({
        {retrieve, "TAB1", "192.168.7.7", "tablet", refuse, "not from guests", "tablet"},
        {Operation::echo, "CT1", "192.168.7.7", nullptr, refuse, "not from guests", ""},
    });
    const Row ultrasound{Operation::store, "CT1", "10.0.3.1", nullptr, refuse, "no ultrasound", "ct-1"};
    Request asked = request(ultrasound);
    asked.sop_class = us;
    check(hospital(), asked, ultrasound);
}

TEST_CASE("A condition on the SOP class does not hold where there is none") {
    const Row row{Operation::store, "CT1", "10.0.3.1", nullptr, Decision::seal, "seal", "ct-1"};
    Request asked = request(row);
    asked.sop_class.reset();
    check(hospital(), asked, row);
}

TEST_CASE("Rules look at the archive and at the called title") {
    const Row read_only{Operation::store,        "CT1", "10.0.3.1", nullptr, refuse,
                        "research is read-only", "ct-1"};
    Request asked = request(read_only);
    asked.archive = "research";
    check(hospital(), asked, read_only);

    const Row teaching{Operation::store, "CT1", "10.0.3.1", nullptr, Decision::pass, "teaching", "ct-1"};
    asked = request(teaching);
    asked.called = title("TEACH");
    check(hospital(), asked, teaching);

    const Row impostor{Operation::store, "CT1", "10.0.4.1", nullptr, Decision::seal, "seal", ""};
    asked = request(impostor);
    asked.called = title("TEACH");
    check(hospital(), asked, impostor);
}

TEST_CASE("A rule for a user is about whom the archive has confirmed") {
    Rule open = rule("open", {retrieve}, Decision::open);
    open.users = {"nurse", "doctor"};
    const Policy policy(hospital_peers(), {}, {open}, refuse);
    const auto decides = [&](const Row& row, std::optional<std::string> user) {
        Request asked = request(row);
        asked.user = std::move(user);
        check(policy, asked, row);
    };
    const Row opened{retrieve, "WS1", "10.0.1.7", "clinic", Decision::open, "open", "reading-room"};
    const Row refused{retrieve, "WS1", "10.0.1.7", "clinic", refuse, "default", "reading-room"};
    decides(opened, "doctor");
    decides(refused, "porter");
    decides(refused, "Doctor");
    decides(refused, {});
    decides({retrieve, "WS1", "10.0.1.6", "clinic", refuse, "default", ""}, "doctor");
}

TEST_CASE("A rule for a certificate holds if one of its conditions does") {
    Rule open = rule("open", {retrieve}, Decision::open);
    open.certificates.resize(2);
    open.certificates[0].subject = "CN=tab1,O=St Elsewhere";
    open.certificates[1].fingerprint = "ab";
    const Policy policy(hospital_peers(), {}, {open}, refuse);
    Certificate shown;
    const auto decides = [&](Decision decision, const Certificate* certificate) {
        const bool opens = decision == Decision::open;
        const Row row{retrieve,      "WS1", "10.0.1.7", "clinic", decision, opens ? "open" : "default",
                      "reading-room"};
        Request asked = request(row);
        asked.certificate = certificate;
        check(policy, asked, row);
    };
    decides(refuse, nullptr);
    decides(refuse, &shown);
    shown.subject = "CN=tab1,O=St Elsewhere";
    decides(Decision::open, &shown);
    shown.subject = "CN=tab2,O=St Elsewhere";
    decides(refuse, &shown);
    shown.fingerprint = "ab";
    decides(Decision::open, &shown);
}

TEST_CASE("A rule that opens to anybody still needs a known caller and a known destination") {
    const Policy careless(hospital_peers(), hospital_groups(), {rule("open", {}, Decision::open)}, refuse);
    const std::vector<Row> rows = {
        {retrieve, "CT1", "10.0.3.1", "ct-1", Decision::open, "open", "ct-1"},
        {retrieve, "WS1", "10.0.3.1", "reading-room", refuse, "default", ""},
        {retrieve, "WS1", "10.0.1.7", nullptr, refuse, "default", "reading-room"},
        {retrieve, "WS1", "10.0.1.7", "unheard-of", refuse, "default", "reading-room"},
    };
    for (const Row& row : rows) check(careless, request(row), row);
}

TEST_CASE("A push comes from an archive, whatever peer has its title and address") {
    Rule opened = rule("opened", {Operation::push}, Decision::open);
    opened.from = {"main"};
    opened.to = {"viewers"};
    Rule sealed = rule("sealed", {Operation::push}, Decision::sealed);
    sealed.from = {"main"};
    sealed.to = {"mirror"};
    Rule of_peer = rule("of a peer", {Operation::push}, Decision::open);
    of_peer.from = {"reading-room"};
    of_peer.to = {"ward"};
    const Policy policy(hospital_peers(), hospital_groups(), {opened, sealed, of_peer}, refuse);
    const std::vector<Row> rows = {
        {Operation::push, "PACS", "10.0.0.5", "clinic", Decision::open, "opened", "main"},
        {Operation::push, "PACS", "10.0.0.5", "tablet", Decision::open, "opened", "main"},
        {Operation::push, "PACS", "10.0.0.5", "mirror", Decision::sealed, "sealed", "main"},
        {Operation::push, "WS1", "10.0.1.7", "ward", refuse, "default", "main"},
        {Operation::push, "PACS", "10.0.0.5", "unheard-of", refuse, "default", "main"},
        {Operation::push, "PACS", "10.0.0.5", nullptr, refuse, "default", "main"},
        {retrieve, "WS1", "10.0.1.7", "clinic", refuse, "default", "reading-room"},
    };
    for (const Row& row : rows) check(policy, request(row), row);
    const Row other{Operation::push, "PACS", "10.0.0.5", "clinic", refuse, "default", "research"};
    Request asked = request(other);
    asked.archive = "research";
    check(policy, asked, other);
}

TEST_CASE("Who was recognised before is that peer still, if there is one of the name") {
    const auto asks = [](const std::string& peer) {
        Request asked{
            Operation::store, title("TEACHER"), address("10.9.9.9"), title("TEACH"), "main", ct, {}};
        asked.peer = peer;
        return hospital().decide(asked);
    };
    CHECK(asks("ct-1").rule == "teaching");
    CHECK(asks("ct-1").from == "ct-1");
    CHECK(asks("gone").rule == "seal");
    CHECK(asks("gone").from.empty());
    CHECK(asks("").from.empty());
}

TEST_CASE("An empty group holds nobody") {
    Rule open = rule("open", {retrieve}, Decision::open);
    open.from = {"nobody"};
    const Policy policy(hospital_peers(), hospital_groups(), {open}, refuse);
    const Row row{retrieve, "WS1", "10.0.1.7", "reading-room", refuse, "default", "reading-room"};
    check(policy, request(row), row);
}

TEST_CASE("Without rules and peers everything is the default's") {
    const Policy policy({}, {}, {}, refuse);
    const Row row{retrieve, "WS1", "10.0.1.7", "reading-room", refuse, "default", ""};
    check(policy, request(row), row);
}
