// Peers, groups and policy while the gateway runs: what is new counts from the next request on, what was
// begun goes on, and no association ends.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

void remove_viewer(Settings& settings) {
    settings.peers.clear();
    settings.endpoints.clear();
    settings.rules.pop_back();
}

}  // namespace

TEST_CASE("a viewer that is added may retrieve on the association that it has") {
    std::vector<policy::Peer> peers;
    Hospital hospital([&](Settings& settings) { settings.peers.swap(peers); });
    auto [viewer, pacs] = hospital.associate(viewer_proposal());
    viewer.say(1, move_rq(1, "WS1"), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    hospital.reload([&](Settings& settings) { settings.peers.swap(peers); });
    viewer.say(1, move_rq(2, "WS1"), asks_for_study("1.2.8"));
    const auto moved = pacs.hear().command;
    pacs.say(1, response_to(moved, 0));
    CHECK(viewer.hear().command.status() == dimse::status::success);
    release(viewer, pacs);
    const auto reloads = hospital.audit({{"event", "reload"}});
    REQUIRE(reloads.size() == 1);
    CHECK(reloads[0]["outcome"] == "done");
}

TEST_CASE("a viewer that is taken away is refused with its next request, and gets what was granted before") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    hospital.reload(remove_viewer);

    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    const auto received = destination.hear();
    CHECK((received.data_set == object.data_set));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
    pacs.say(1, retrieve_rsp(asked, 0, {0, 1, 0, 0}));
    CHECK(viewer.hear().command.status() == dimse::status::success);

    viewer.say(1, move_rq(8, "WS1"), asks_for_study(object.study));
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    release(viewer, pacs);
}

TEST_CASE("a request counts from when it is complete") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(viewer_proposal());
    const auto identifier = asks_for_study("1.2.8");
    viewer.begin(1, move_rq(1, "WS1"));
    viewer.more(ByteView(identifier).first(8));
    viewer.await_taken();
    hospital.reload(remove_viewer);
    viewer.end(ByteView(identifier).subspan(8));
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    release(viewer, pacs);
}

TEST_CASE("a rule that is changed decides the next request of an association that runs") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    hospital.reload([](Settings& settings) { settings.rules[0].decide = policy::Decision::refuse; });
    const auto object = an_image("1.2.8.1.1");
    scanner.say(1, store_rq(1, object), object.data_set);
    CHECK(scanner.hear().command.status() == dimse::status::not_authorized);
    release(scanner, pacs);
}

TEST_CASE("what is not registered passes only if it did when it was asked for, and does now") {
    const auto [before, now] =
        GENERATE(std::pair(true, true), std::pair(true, false), std::pair(false, true));
    const bool passes = before && now;
    Hospital hospital([before = before](Settings& settings) { settings.pass_unregistered = before; });
    const auto object = an_image("1.2.8.1.1");
    const auto moving = hospital.move(asks_for_study(object.study));
    hospital.reload([now = now](Settings& settings) { settings.pass_unregistered = now; });
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), object.data_set);
    if (passes) {
        auto destination = hospital.workstation.accept();
        CHECK((destination.hear().data_set == object.data_set));
    } else {
        CHECK(delivery.hear().command.status() == 0xB000);
        CHECK(hospital.workstation.nobody_called());
    }
}

TEST_CASE("a configuration of which a part counts from a start only is not taken over in parts") {
    Hospital hospital;
    hospital.reload([](Settings& settings) {
        remove_viewer(settings);
        settings.archives[0].release = Release::whole;
        settings.limits.associations = 3;
    });
    auto [viewer, pacs] = hospital.associate(viewer_proposal());
    viewer.say(1, move_rq(1, "WS1"), asks_for_study("1.2.8"));
    const auto moved = pacs.hear().command;
    CHECK(moved.field() == dimse::CommandField::c_move_rq);
    pacs.say(1, response_to(moved, 0));
    CHECK(viewer.hear().command.status() == dimse::status::success);
    release(viewer, pacs);
    const auto reloads = hospital.audit({{"event", "reload"}});
    REQUIRE(reloads.size() == 1);
    CHECK(reloads[0]["outcome"] == "failed");
    CHECK(reloads[0]["detail"] ==
          "changed in the configuration: gateway.limits, archives, which needs a restart; restart the "
          "gateway, or take the change back and reload");
}
