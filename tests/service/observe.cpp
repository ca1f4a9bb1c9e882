// mode: observe. Everything is relayed as it comes, and the audit tells what would have been done.

#include <catch2/catch.hpp>

#include "gateway/dimse/hex.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/registry/registry.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::Element;
using dimse::response_to;
using nlohmann::json;

namespace {

void observe(Settings& settings) {
    settings.mode = Mode::observe;
}

void observe_and_refuse_all(Settings& settings) {
    settings.mode = Mode::observe;
    settings.rules.clear();
}

std::string observed(const std::string& operation, const std::string& would) {
    return "portcullis_observed_total{operation=\"" + operation + "\",would=\"" + would + "\"}";
}

/// The only record of what would be done.
json only_observed(Hospital& hospital, const std::string& operation) {
    const auto records = hospital.audit({{"event", "observe"}, {"operation", operation}});
    REQUIRE(records.size() == 1);
    return records[0];
}

/// A scanner sends this, and the archive gets every byte of it.
void check_relayed(Hospital& hospital, const ul::AssociateRq& asked, const dimse::Command& command,
                   ByteView data_set) {
    auto [scanner, pacs] = hospital.associate(asked);
    scanner.say(1, command, data_set);
    const auto arrived = pacs.hear();
    auto expected = command;
    expected.set(Element::message_id, static_cast<std::uint16_t>(arrived.command.message_id()));
    expected.set(Element::command_data_set_type,
                 arrived.command.number(Element::command_data_set_type).value());
    CHECK(arrived.command == expected);
    CHECK(arrived.command.has_data_set() != data_set.empty());
    CHECK((arrived.data_set == Bytes(data_set.begin(), data_set.end())));
    pacs.say(1, response_to(arrived.command, 0xB007));
    const auto answer = scanner.hear().command;
    CHECK(answer.responded_to() == command.message_id());
    CHECK(answer.status() == 0xB007);
    release(scanner, pacs);
}

ul::AssociateRq getting_proposal(const std::string& calling) {
    auto asked = proposal(calling, "PACS", {context(1, uid::study_get), context(3, uid::ct)});
    asked.user.roles = {{*Uid::parse(uid::ct), false, true}};
    return asked;
}

}  // namespace

TEST_CASE(
    "while it observes an image reaches the archive as it was sent, and what sealing would do is told") {
    Hospital hospital(observe);
    const auto object = an_image("1.2.8.1.1", 3 * 1024 * 1024);
    CHECK((hospital.store(object) == object.data_set));
    CHECK(hospital.metric(observed("store", "seal")) == "1");
    CHECK(hospital.metric("portcullis_sealed_objects_total{archive=\"main\"}").empty());
    CHECK(hospital.metric("portcullis_requests_total{decision=\"seal\",operation=\"store\"}").empty());
    const auto told = only_observed(hospital, "store");
    CHECK(told["would"] == "seal");
    CHECK(told["rule"] == "rule 1");
    CHECK(told["sop_instance"] == object.instance);
    CHECK(told["calling_ae"] == "CT1");
    CHECK(told["recognised"] == false);
    CHECK_FALSE(told.contains("from"));
    CHECK_FALSE(told.contains("reason"));
    CHECK(told["regions"] == 1);
    CHECK(told["bytes"] == 3 * 1024 * 1024);
    CHECK(told["units"].get<int>() > 1);
    CHECK(hospital.audit({{"event", "store"}}).empty());
    const registry::Registry registry("sqlite:///" + (hospital.folder.path() / "registry.db").string());
    CHECK(registry.size() == 0);
}

TEST_CASE("while it observes an image in the clear passes where the policy lets it, and is told so") {
    Hospital hospital([](Settings& settings) {
        observe(settings);
        settings.rules[0].decide = policy::Decision::pass;
    });
    const auto object = an_image("1.2.8.1.1");
    CHECK((hospital.store(object) == object.data_set));
    const auto told = only_observed(hospital, "store");
    CHECK(told["would"] == "pass");
    CHECK_FALSE(told.contains("regions"));
}

TEST_CASE("while it observes an image that would be refused reaches the archive, and why is told") {
    struct Refused {
        std::uint16_t status;
        std::string reason;
    };
    Hospital hospital(observe);
    auto object = an_image("1.2.8.1.1");
    auto asked = scanner_proposal();
    auto command = store_rq(7, object);
    Refused expected{};
    SECTION("malformed") {
        object.data_set.resize(object.data_set.size() - 2);
        expected = {dimse::status::cannot_understand, "malformed"};
    }
    SECTION("another instance") {
        command.set(Element::affected_sop_instance_uid, "1.2.8.1.2");
        expected = {dimse::status::data_set_mismatch, "wrong instance"};
    }
    SECTION("a transfer syntax that cannot be carried") {
        asked = proposal("CT1", "PACS", {context(1, uid::ct, {uid::jpip})});
        expected = {dimse::status::cannot_understand, "transfer syntax"};
    }
    SECTION("no data set") {
        object.data_set.clear();
        expected = {dimse::status::cannot_understand, "incomplete command set"};
    }
    check_relayed(hospital, asked, command, object.data_set);
    CHECK(hospital.metric(observed("store", "refuse")) == "1");
    const auto told = only_observed(hospital, "store");
    CHECK(told["would"] == "refuse");
    CHECK(told["status"] == dimse::hex(expected.status));
    CHECK_THAT(told["reason"].get<std::string>(), Catch::Contains(expected.reason));
    CHECK(hospital.audit({{"event", "refusal"}}).empty());
}

TEST_CASE("while it observes nothing is refused by the policy") {
    Hospital hospital(observe_and_refuse_all);
    const auto object = an_image("1.2.8.1.1");
    const auto [operation, sop_class, command, data_set] =
        GENERATE_REF(table<std::string, std::string, dimse::Command, Bytes>(
            {{"store", uid::ct, store_rq(1, object), object.data_set},
             {"echo", uid::verification, request(CommandField::c_echo_rq, 2, uid::verification), {}},
             {"find", uid::study_find, request(CommandField::c_find_rq, 3, uid::study_find), {8, 0, 1}},
             {"mpps", uid::mpps, request(CommandField::n_create_rq, 4, uid::mpps), Bytes(70'000, 7)},
             {"retrieve", uid::study_move, move_rq(5, "NOBODY"), Bytes(2 * 1024 * 1024, 9)}}));
    check_relayed(hospital, proposal("WS1", "PACS", {context(1, sop_class)}), command, data_set);
    CHECK(hospital.metric(observed(operation, "refuse")) == "1");
    CHECK(hospital.metric("portcullis_requests_total{decision=\"refuse\",operation=\"" + operation + "\"}")
              .empty());
    const auto told = only_observed(hospital, operation);
    CHECK(told["would"] == "refuse");
    CHECK(told["recognised"] == true);
    CHECK(told["from"] == "reading-room");
    if (operation != "retrieve") {
        CHECK(told["rule"] == "default");
        CHECK(told["status"] == "0124");
        CHECK(told["reason"] == "policy");
    }
    CHECK(hospital.audit({{"event", "refusal"}}).empty());
}

TEST_CASE("while it observes what passes as bytes is told as such") {
    Hospital hospital(observe);
    check_relayed(hospital, proposal("WS1", "PACS", {context(1, uid::study_find)}),
                  request(CommandField::c_find_rq, 3, uid::study_find), asks_for_study("1.2.8"));
    CHECK(hospital.metric(observed("find", "relay")) == "1");
    CHECK(only_observed(hospital, "find")["rule"] == "rule 2");
}

TEST_CASE("while it observes the archive is offered what cannot be carried, and that is told once") {
    const bool all_carried = GENERATE(false, true);
    Hospital hospital(observe);
    auto asked = proposal("CT1", "PACS",
                          {context(1, uid::ct, {uid::papyrus}), context(3, uid::ct, {uid::jpip}),
                           context(5, uid::ct, {uid::explicit_le, uid::jpip})});
    if (all_carried) asked = scanner_proposal();
    auto [scanner, pacs] = hospital.associate(asked);
    CHECK(pacs.proposal().contexts == asked.contexts);
    for (const auto& answered : scanner.answer().contexts)
        CHECK(answered.result == ul::ContextResult::acceptance);
    release(scanner, pacs);
    const auto told = hospital.audit({{"event", "observe"}, {"operation", "association"}});
    REQUIRE(told.size() == (all_carried ? 0 : 1));
    for (const auto& record : told) {
        CHECK(record["would"] == "not offer");
        CHECK(record["count"] == 2);
        CHECK(record["contexts"] == uid::ct + " in " + uid::jpip + ", " + uid::ct + " in " + uid::papyrus);
    }
}

TEST_CASE("while it observes the archive sends to the viewer itself, and the policy's verdict is told") {
    struct Asked {
        std::string calling, destination, would, status, reason;
    };
    const auto asked = GENERATE(values<Asked>({{"WS1", "WS1", "open", "", ""},
                                               {"WS1", "NOBODY", "refuse", "A801", "unknown destination"},
                                               {"STRANGER", "WS1", "refuse", "0124", "unknown viewer"}}));
    Hospital hospital(observe);
    auto [viewer, pacs] = hospital.associate(viewer_proposal(asked.calling));
    const auto identifier = asks_for_study("1.2.8");
    viewer.say(1, move_rq(7, asked.destination), identifier);
    const auto arrived = pacs.hear();
    CHECK(arrived.command.ae_title(Element::move_destination)->str() == asked.destination);
    CHECK((arrived.data_set == identifier));
    pacs.say(1, retrieve_rsp(arrived.command, dimse::status::pending, {1, 1, 0, 0}));
    CHECK(counts(viewer.hear().command) == Counts{1, 1, 0, 0});
    viewer.say(1, cancel_rq(MessageId{7}));
    CHECK(pacs.hear().command.responded_to() == arrived.command.message_id());
    const Bytes failed{1, 2, 3, 4};
    pacs.say(1, retrieve_rsp(arrived.command, 0xB000, {0, 1, 1, 0}), failed);
    const auto last = viewer.hear();
    CHECK(last.command.responded_to() == MessageId{7});
    CHECK(last.command.status() == 0xB000);
    CHECK((last.data_set == failed));
    release(viewer, pacs);

    const auto told = only_observed(hospital, "retrieve");
    CHECK(told["would"] == asked.would);
    CHECK(told["destination"] == asked.destination);
    CHECK(told["recognised"] == (asked.calling == "WS1"));
    CHECK(told.value("status", "") == asked.status);
    CHECK(told.value("reason", "") == asked.reason);
    CHECK(hospital.audit({{"event", "retrieve"}}).empty());
}

TEST_CASE("while it observes nothing counts as opened by a title alone") {
    Hospital hospital([](Settings& settings) {
        observe(settings);
        settings.peers[0].addresses.clear();
        settings.peers[0].title_only = true;
    });
    auto [viewer, pacs] = hospital.associate(viewer_proposal());
    viewer.say(1, move_rq(7, "WS1"), asks_for_study("1.2.8"));
    pacs.say(1, response_to(pacs.hear().command, 0));
    CHECK(viewer.hear().command.status() == 0);
    CHECK(hospital.metric("portcullis_title_only_opened_total") == "0");
    CHECK(hospital.metric(observed("retrieve", "open")) == "1");
    release(viewer, pacs);
}

TEST_CASE("while it observes the objects of a C-GET come back as they are in the archive") {
    Hospital hospital(observe);
    auto [viewer, pacs] =
        hospital.associate(getting_proposal("STRANGER"), [](const ul::AssociateRq& request) {
            auto answer = accept_everything(request);
            answer.user.roles = request.user.roles;
            return answer;
        });
    viewer.say(1, request(CommandField::c_get_rq, 50, uid::study_get), asks_for_study("1.2.8"));
    const auto asked = pacs.hear().command;
    const auto object = an_image("1.2.8.1.1", 3 * 1024 * 1024);
    pacs.say(3, store_rq(9, object), object.data_set);
    const auto received = viewer.hear();
    CHECK(received.context == 3);
    CHECK(received.command.message_id() == MessageId{9});
    CHECK((received.data_set == object.data_set));
    viewer.say(3, response_to(received.command, 0xB007));
    const auto answer = pacs.hear().command;
    CHECK(answer.responded_to() == MessageId{9});
    CHECK(answer.status() == 0xB007);
    pacs.say(1, retrieve_rsp(asked, 0, {0, 1, 0, 0}));
    CHECK(counts(viewer.hear().command) == Counts{0, 1, 0, 0});
    release(viewer, pacs);
    CHECK(only_observed(hospital, "retrieve")["reason"] == "unknown viewer");
}

TEST_CASE("while it observes an image that the archive sends to the gateway is refused") {
    Hospital hospital(observe);
    auto delivery = hospital.deliver();
    const auto object = an_image("1.2.8.1.1");
    delivery.say(1, store_rq(1, object), object.data_set);
    CHECK(delivery.hear().command.status() == dimse::status::not_authorized);
    delivery.ask_release();
    CHECK(delivery.hear_end() == End::released);
    CHECK(hospital.workstation.nobody_called());
}

TEST_CASE("whether the gateway observes is in the metrics and in the record of its start") {
    const bool observing = GENERATE(true, false);
    Hospital hospital([&](Settings& settings) {
        if (observing) observe(settings);
    });
    CHECK(hospital.metric("portcullis_observe") == (observing ? "1" : "0"));
    const auto started = hospital.audit({{"event", "start"}});
    REQUIRE(started.size() == 1);
    CHECK(started[0]["mode"] == (observing ? "observe" : "enforce"));
}
