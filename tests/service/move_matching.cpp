// Which move an image belongs to: the archive's word alone could carry one viewer's images to another.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

void add_second_workstation(Settings& settings, std::uint16_t port) {
    settings.peers.push_back({"ward", {*AeTitle::parse("WS2")}, {*Network::parse("127.0.0.1")}});
    settings.endpoints["ward"] = {"127.0.0.1", port};
    settings.groups.push_back({"viewers", {"reading-room", "ward"}});
    settings.rules[2].from = settings.rules[2].to = {"viewers"};
}

/// Two viewers have asked, in this order.
struct TwoMoves {
    explicit TwoMoves(const std::string& first_study, const std::string& second_study,
                      std::vector<std::string> move_titles = {"PORTCULLIS"})
        : hospital([&](Settings& settings) {
              add_second_workstation(settings, ward.port());
              settings.archives[0].move_titles.clear();
              for (const auto& title : move_titles)
                  settings.archives[0].move_titles.push_back(*AeTitle::parse(title));
          }),
          first(hospital.move(asks_for_study(first_study))),
          second(hospital.associate(viewer_proposal("WS2"))) {
        second.scanner.say(1, move_rq(7, "WS2"), asks_for_study(second_study));
        second_asked = second.archive.hear().command;
    }

    Wire ward_wire;
    Node ward{ward_wire};
    Hospital hospital;
    Moving first;
    Associated second;
    dimse::Command second_asked;
};

}  // namespace

TEST_CASE("an archive that names no originator is understood by what the image says it is") {
    TwoMoves two("1.2.8", "1.2.9");
    const auto object = an_image("1.2.9.1.1", 1024, "1.2.9");
    const auto sealed = two.hospital.store(object);
    auto delivery = two.hospital.deliver();
    delivery.say(1, store_rq(1, object), sealed);
    auto ward = two.ward.accept();
    const auto received = ward.hear();
    CHECK((received.data_set == object.data_set));
    CHECK(received.command.text(dimse::Element::move_originator_ae_title) == "WS2");
    ward.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    CHECK(two.hospital.workstation.nobody_called());
}

TEST_CASE("an archive that names an originator is not believed against what the image says it is") {
    TwoMoves two("1.2.8", "1.2.9");
    const auto object = an_image("1.2.9.1.1", 1024, "1.2.9");
    const auto sealed = two.hospital.store(object);
    auto delivery = two.hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", two.first.asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::not_authorized);
    CHECK(two.hospital.workstation.nobody_called());
    CHECK(two.ward.nobody_called());
    CHECK(two.hospital.audit({{"event", "alert"}, {"reason", "not asked for"}}).size() == 1);
}

TEST_CASE("an image that two viewers asked for goes to neither if the archive does not say to whom") {
    TwoMoves two("1.2.8", "1.2.8");
    const auto object = an_image("1.2.8.1.1", 1024);
    const auto sealed = two.hospital.store(object);
    auto delivery = two.hospital.deliver();
    delivery.say(1, store_rq(1, object), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::not_authorized);
    CHECK(two.hospital.workstation.nobody_called());
    CHECK(two.ward.nobody_called());
    CHECK(two.hospital.audit({{"event", "refusal"}, {"reason", "ambiguous"}}).size() == 1);
}

TEST_CASE("with a title for each move the archive says to whom by the title that it calls") {
    TwoMoves two("1.2.8", "1.2.8", {"GATE1", "GATE2"});
    const auto title = two.second_asked.text(dimse::Element::move_destination);
    CHECK(title != two.first.asked.text(dimse::Element::move_destination));
    const auto object = an_image("1.2.8.1.1", 1024);
    const auto sealed = two.hospital.store(object);
    auto delivery = two.hospital.deliver(*title);
    delivery.say(1, store_rq(1, object), sealed);
    CHECK((two.ward.accept().hear().data_set == object.data_set));
    CHECK(two.hospital.workstation.nobody_called());
}

TEST_CASE("an image of the study, but not the one that was asked for, is refused") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_instance("1.2.8", "1.2.8.1", "1.2.8.1.2"));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::not_authorized);
    CHECK(hospital.workstation.nobody_called());
    const auto alerts = hospital.audit({{"event", "alert"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["sop_instance"] == object.instance);
}

TEST_CASE("an image that nobody asked for is refused, and goes nowhere") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::not_authorized);
    CHECK(hospital.workstation.nobody_called());
    const auto alerts = hospital.audit({{"event", "alert"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["reason"] == "no retrieval in flight");
}

TEST_CASE("a move is over with its final response, and with the viewer's association") {
    const bool answered = GENERATE(true, false);
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    if (answered) {
        pacs.say(1, retrieve_rsp(asked, 0, {0, 0, 0, 0}));
        viewer.hear();
    } else {
        viewer.abort();
        CHECK(pacs.hear_end() == End::aborted);
    }
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::not_authorized);
    CHECK(hospital.workstation.nobody_called());
}

TEST_CASE("who calls a move title from elsewhere than the archive is rejected") {
    Hospital hospital(
        [](Settings& settings) { settings.archives[0].inbound.addresses = {*Network::parse("10.9.9.9")}; });
    Call calling(hospital.wire, hospital.port("archive"),
                 proposal("PACS", "PORTCULLIS", {context(1, uid::ct)}));
    CHECK(calling.rejected() == ul::AssociateRj{1, 1, 3});
}
