// What the policy does not allow is answered by the gateway; the archive never hears of it.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::Element;

namespace {

ul::AssociateRq retrieving_proposal(const std::string& calling) {
    auto asked = proposal(calling, "PACS",
                          {context(1, uid::study_move), context(3, uid::study_get), context(5, uid::ct)});
    asked.user.roles = {{*Uid::parse(uid::ct), false, true}};
    return asked;
}

void add_station(Settings& settings, const std::string& name, const std::string& title) {
    settings.peers.push_back({name, {*AeTitle::parse(title)}, {*Network::parse("127.0.0.1")}});
    settings.endpoints[name] = {"127.0.0.1", 104};
}

}  // namespace

TEST_CASE("an unknown viewer gets nothing, and the archive is not asked") {
    const bool get = GENERATE(false, true);
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(retrieving_proposal("STRANGER"));
    if (get) {
        viewer.say(3, request(CommandField::c_get_rq, 1, uid::study_get), asks_for_study("1.2.8"));
    } else {
        viewer.say(1, move_rq(1, "STRANGER"), asks_for_study("1.2.8"));
    }
    const auto answer = viewer.hear().command;
    CHECK(answer.status() == dimse::status::not_authorized);
    CHECK(answer.responded_to() == MessageId{1});
    release(viewer, pacs);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "retrieve"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["calling_ae"] == "STRANGER");
    CHECK(refusals[0]["reason"] == "unknown viewer");
}

TEST_CASE("an unknown viewer does not learn which destinations exist") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(retrieving_proposal("STRANGER"));
    viewer.say(1, move_rq(1, "WS1"), asks_for_study("1.2.8"));
    viewer.say(1, move_rq(2, "NOBODY"), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    release(viewer, pacs);
}

TEST_CASE("a known title from an unknown address is an unknown viewer") {
    Hospital hospital(
        [](Settings& settings) { settings.peers[0].addresses = {*Network::parse("10.9.9.9")}; });
    auto [viewer, pacs] = hospital.associate(retrieving_proposal("WS1"));
    viewer.say(1, move_rq(1, "WS1"), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    release(viewer, pacs);
}

TEST_CASE("a destination that nobody knows is named so to a viewer that is known") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(retrieving_proposal("WS1"));
    viewer.say(1, move_rq(1, "NOBODY"), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == dimse::status::move_destination_unknown);
    release(viewer, pacs);
}

TEST_CASE("what a rule opens for a user is opened when the archive has confirmed the user") {
    const bool confirmed = GENERATE(true, false);
    Hospital hospital([](Settings& settings) { settings.rules[2].users = {"nurse"}; });
    auto asked = retrieving_proposal("WS1");
    asked.user.user_identity_rq = ul::UserIdentityRq{1, true, {'n', 'u', 'r', 's', 'e'}, {}};
    auto [viewer, pacs] = hospital.associate(asked, [&](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        if (confirmed) answer.user.user_identity_ac = ul::UserIdentityAc{};
        return answer;
    });
    viewer.say(1, move_rq(1, "WS1"), asks_for_study("1.2.8"));
    if (confirmed) {
        const auto moved = pacs.hear().command;
        CHECK(moved.field() == CommandField::c_move_rq);
        pacs.say(1, dimse::response_to(moved, 0));
    }
    CHECK(viewer.hear().command.status() ==
          (confirmed ? dimse::status::success : dimse::status::not_authorized));
    const std::string decision = confirmed ? "open" : "refuse";
    CHECK(hospital.metric("portcullis_requests_total{decision=\"" + decision +
                          "\",operation=\"retrieve\"}") == "1");
    release(viewer, pacs);
    const auto refusals = hospital.audit({{"event", "refusal"}});
    REQUIRE(refusals.size() == (confirmed ? 0 : 1));
    for (const auto& refusal : refusals) CHECK_FALSE(refusal.contains("user"));
    CHECK(hospital.audit({{"user", "nurse"}}).empty() != confirmed);
}

TEST_CASE("a viewer may not send to a destination that no rule opens for") {
    Hospital hospital([](Settings& settings) { add_station(settings, "research", "RESEARCH"); });
    auto [viewer, pacs] = hospital.associate(retrieving_proposal("WS1"));
    viewer.say(1, move_rq(1, "RESEARCH"), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    release(viewer, pacs);
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "policy"}}).size() == 1);
}

TEST_CASE("a viewer that is known by its title alone has nothing opened on its own association") {
    Hospital hospital([](Settings& settings) {
        settings.peers[0].addresses.clear();
        settings.peers[0].title_only = true;
    });
    auto [viewer, pacs] = hospital.associate(retrieving_proposal("WS1"));
    viewer.say(3, request(CommandField::c_get_rq, 1, uid::study_get), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    release(viewer, pacs);
}

TEST_CASE("what is opened by a title alone counts in a metric") {
    const bool title_only = GENERATE(true, false);
    Hospital hospital([&](Settings& settings) {
        if (!title_only) return;
        settings.peers[0].addresses.clear();
        settings.peers[0].title_only = true;
    });
    CHECK(hospital.metric("portcullis_title_only_opened_total") == "0");
    const auto moving = hospital.move(asks_for_study("1.2.8"));
    CHECK(hospital.metric("portcullis_title_only_opened_total") == (title_only ? "1" : "0"));
}

TEST_CASE("a request that names nothing, or cannot be read, is refused") {
    const auto identifier = GENERATE(Bytes{0x08, 0x00}, asks_for_study(""), Bytes(2 * 1024 * 1024));
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(retrieving_proposal("WS1"));
    viewer.say(1, move_rq(1, "WS1"), identifier);
    const auto status = viewer.hear().command.status();
    CHECK((status == dimse::status::data_set_mismatch || status == dimse::status::cannot_understand));
    release(viewer, pacs);
}

TEST_CASE("an operation that no rule names is refused, its data set heard to the end") {
    Hospital hospital;
    const std::string print = "1.2.840.10008.5.1.1.1";
    auto [viewer, pacs] = hospital.associate(proposal("CT1", "PACS", {context(1, print)}));
    viewer.say(1, request(CommandField::n_create_rq, 1, print), Bytes(1024 * 1024, 0xAA));
    viewer.await_taken();
    CHECK(viewer.hear().command.status() == dimse::status::not_authorized);
    CHECK(hospital.metric(R"(portcullis_requests_total{decision="refuse",operation="other"})") == "1");
    release(viewer, pacs);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "other"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["rule"] == "default");
}

TEST_CASE("a command that nobody knows is answered as policy says, or by the archive") {
    const auto unknown = static_cast<CommandField>(0x7777);
    const auto decision = GENERATE(policy::Decision::refuse, policy::Decision::relay);
    Hospital hospital([&](Settings& settings) { settings.otherwise = decision; });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.say(1, request(unknown, 9, uid::ct), Bytes(3000, 0xAA));
    if (decision == policy::Decision::relay) {
        const auto asked = pacs.hear();
        CHECK(asked.command.field() == unknown);
        CHECK((asked.data_set == Bytes(3000, 0xAA)));
        pacs.say(1, dimse::response_to(asked.command, dimse::status::unrecognized_operation));
    }
    const auto answer = scanner.hear().command;
    CHECK(static_cast<unsigned>(answer.field()) == 0xF777);
    CHECK(answer.responded_to() == MessageId{9});
    CHECK(answer.status() == (decision == policy::Decision::relay ? dimse::status::unrecognized_operation
                                                                  : dimse::status::not_authorized));
    release(scanner, pacs);
}

TEST_CASE("a command that nobody knows is answered as such to an archive that delivers") {
    Hospital hospital;
    auto delivery = hospital.deliver();
    delivery.say(1, request(static_cast<CommandField>(0x7777), 9, uid::ct), Bytes(3000, 0xAA));
    const auto answer = delivery.hear().command;
    CHECK(answer.status() == dimse::status::unrecognized_operation);
    CHECK(answer.responded_to() == MessageId{9});
    delivery.ask_release();
    CHECK(delivery.hear_end() == End::released);
}

TEST_CASE("a store that a rule refuses does not reach the archive") {
    Hospital hospital([](Settings& settings) { settings.rules[0].decide = policy::Decision::refuse; });
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1");
    scanner.say(1, store_rq(1, object), object.data_set);
    CHECK(scanner.hear().command.status() == dimse::status::not_authorized);
    release(scanner, pacs);
}
