// Who a caller is: a title and an address together.

#include <catch2/catch.hpp>

#include "tests/policy/hospital.hpp"

using namespace portcullis;
using namespace portcullis::policy;

namespace {

const Policy hospital(hospital_peers(), hospital_groups(), {}, Decision::refuse);

std::string recognised(std::string_view calling, std::string_view from) {
    const Peer* peer = hospital.recognise(title(calling), address(from));
    return peer ? peer->name : "";
}

}  // namespace

TEST_CASE("A peer is recognised by its title at its address") {
    CHECK(recognised("CT1", "10.0.3.1") == "ct-1");
    CHECK(recognised("CT1", "10.0.3.254") == "ct-1");
    CHECK(recognised("WS1", "10.0.1.7") == "reading-room");
    CHECK(recognised("WS2", "10.0.1.9") == "reading-room");
    CHECK(recognised("CLINIC", "fd00:1::42") == "clinic");
}

TEST_CASE("An IPv4 address that arrives on an IPv6 socket is the same address") {
    CHECK(recognised("WS1", "::ffff:10.0.1.7") == "reading-room");
    CHECK(recognised("WS1", "::ffff:10.0.1.6") == "");
}

TEST_CASE("A borrowed title is nobody's from another address") {
    CHECK(recognised("WS1", "10.0.3.1") == "");    // another peer's address
    CHECK(recognised("WS1", "10.0.1.6") == "");    // the neighbour
    CHECK(recognised("WS2", "10.0.1.10") == "");   // just past the network
    CHECK(recognised("WS1", "fd00:1::42") == "");  // the clinic's network
    CHECK(recognised("CLINIC", "10.0.1.7") == "");
    CHECK(recognised("CLINIC", "fd00:2::42") == "");
}

TEST_CASE("Titles are compared exactly") {
    CHECK(recognised("ws1", "10.0.1.7") == "");
    CHECK(recognised("WS", "10.0.1.7") == "");
    CHECK(recognised("WS11", "10.0.1.7") == "");
    CHECK(recognised("reading-room", "10.0.1.7") == "");       // the name in the configuration is no title
    CHECK(recognised(" WS1 ", "10.0.1.7") == "reading-room");  // padding is not part of a title (PS3.5 6.2)
}

TEST_CASE("A peer known by its title alone is recognised anywhere, within its networks if it has any") {
    CHECK(recognised("TAB1", "192.0.2.200") == "tablet");
    CHECK(recognised("TAB1", "fd00:1::42") == "tablet");
    CHECK(recognised("WARD", "10.0.9.3") == "ward");
    CHECK(recognised("WARD", "10.0.8.3") == "");
}

TEST_CASE("A peer without addresses that nobody declared title-only is never recognised") {
    const Policy policy({{"ws", {title("WS1")}, {}, false}}, {}, {}, Decision::refuse);
    CHECK(policy.recognise(title("WS1"), address("10.0.1.7")) == nullptr);
}

TEST_CASE("Of address and certificate, what a peer has must match") {
    const CertificateCondition wards{AlternativeName::parse("*.wards.example"), {}, {}};
    const CertificateCondition other{AlternativeName::parse("tab9.example"), {}, {}};
    const Policy policy({{"tablet", {title("TAB1")}, {}, false, {other, wards}},
                         {"both", {title("WS1")}, {Network::parse("10.0.1.0/24").value()}, false, {wards}}},
                        {}, {{"open", {}, {"tablet"}, {"tablet"}, {}, {}, {}, {}, {}, {}, Decision::open}},
                        Decision::refuse);
    const Certificate ward{"CN=x", {"tab1.wards.example"}, {}, ""};
    const Certificate office{"CN=x", {"tab1.offices.example"}, {}, ""};
    const auto recognised_as = [&](std::string_view calling, std::string_view from,
                                   const Certificate* shown) {
        const auto* peer = policy.recognise(title(calling), address(from), shown);
        return peer ? peer->name : "";
    };
    CHECK(recognised_as("TAB1", "192.0.2.1", &ward) == "tablet");
    CHECK(recognised_as("TAB1", "192.0.2.1", &office) == "");
    CHECK(recognised_as("TAB1", "192.0.2.1", nullptr) == "");
    CHECK(recognised_as("TAB2", "192.0.2.1", &ward) == "");
    CHECK(recognised_as("WS1", "10.0.1.7", &ward) == "both");
    CHECK(recognised_as("WS1", "10.0.2.7", &ward) == "");
    CHECK(recognised_as("WS1", "10.0.1.7", &office) == "");
    CHECK(recognised_as("WS1", "10.0.1.7", nullptr) == "");

    Request request{
        Operation::retrieve, title("TAB1"), address("192.0.2.1"), title("PACS"), "main", {}, "tablet"};
    CHECK(policy.decide(request).decision == Decision::refuse);
    request.certificate = &office;
    CHECK(policy.decide(request).decision == Decision::refuse);
    request.certificate = &ward;
    CHECK(policy.decide(request).decision == Decision::open);
}

TEST_CASE("Peers are found by name and by the title that a C-MOVE names") {
    REQUIRE(hospital.peer("mirror"));
    CHECK(hospital.peer("mirror")->ae_titles.front() == title("VNA"));
    CHECK(hospital.peer("viewers") == nullptr);
    CHECK(hospital.peer("") == nullptr);
    REQUIRE(hospital.destination(title("WS2")));
    CHECK(hospital.destination(title("WS2"))->name == "reading-room");
    CHECK(hospital.destination(title("WS3")) == nullptr);
    CHECK(hospital.destination(title("mirror")) == nullptr);
}

TEST_CASE("Every operation and decision reads back from its name") {
    for (const auto* text :
         {"store", "retrieve", "push", "echo", "find", "worklist", "mpps", "commitment", "other"})
        CHECK(name(parse_operation(text).value()) == text);
    for (const auto* text : {"seal", "pass", "open", "sealed", "relay", "refuse"})
        CHECK(name(parse_decision(text).value()) == text);
    for (const auto* text : {"", "Store", "store ", "any", "seal"}) CHECK(!parse_operation(text));
    for (const auto* text : {"", "Open", "opened", "any", "store"}) CHECK(!parse_decision(text));
}
