// Retrievals and pushes of which policy decides object by object: each that comes is decided by what it says
// that it is, and by the configuration that granted the request.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::response_to;
using policy::Decision;
namespace status = dimse::status;

namespace {

constexpr std::size_t small = 64 * 1024;
constexpr std::size_t large = 6 * 1024 * 1024;  // bytes: sent on while it comes

policy::Rule rule_for(const std::string& modality, Decision decide, const Settings& settings) {
    auto rule = settings.rules[2];  // retrieve, from and to reading-room
    rule.name = modality;
    rule.modalities = {modality};
    rule.decide = decide;
    return rule;
}

/// CT opens; of MR it is decided so, of what else there is nothing is said.
void open_ct(Settings& settings, Decision of_mr = Decision::refuse) {
    const auto ct = rule_for("CT", Decision::open, settings);
    const auto mr = rule_for("MR", of_mr, settings);
    settings.rules[2] = ct;
    settings.rules.push_back(mr);
}

Object an_image_of(const std::string& modality, const std::string& instance, std::size_t size = small) {
    return an_image(instance, size, "1.2.8", {modality, "", ""});
}

/// The archive delivers this for a move; what WS1 gets, which answers with success.
Bytes delivered(Hospital& hospital, Peer& delivery, std::optional<Peer>& destination, const Moving& moving,
                const Object& object, const Bytes& stored) {
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), stored);
    if (!destination) destination.emplace(hospital.workstation.accept());
    auto received = destination->hear();
    destination->say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    return std::move(received.data_set);
}

std::string refused_by(Hospital& hospital, const Object& object) {
    const auto records = hospital.audit({{"event", "refusal"}, {"sop_instance", object.instance}});
    REQUIRE(records.size() == 1);
    CHECK(records[0]["reason"] == "policy");
    return records[0]["rule"];
}

}  // namespace

TEST_CASE("of a mixed study what policy opens is opened, and the rest is withheld and counted") {
    const auto size = GENERATE(small, large);
    Hospital hospital([](Settings& settings) { open_ct(settings); });
    const auto ct = an_image_of("CT", "1.2.8.1.1", size);
    const auto mr = an_image_of("MR", "1.2.8.1.2", size);
    const auto us = an_image_of("US", "1.2.8.1.3", size);
    const std::vector objects = {mr, ct, us};
    std::vector<Bytes> stored;
    for (const auto& object : objects) stored.push_back(hospital.store(object));
    auto moving = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, mr, "WS1", moving.asked.message_id()), stored[0]);
    CHECK(delivery.hear().command.status() == status::suboperations_with_failures);
    CHECK(hospital.workstation.nobody_called());
    std::optional<Peer> destination;
    CHECK((delivered(hospital, delivery, destination, moving, ct, stored[1]) == ct.data_set));
    delivery.say(1, store_rq(3, us, "WS1", moving.asked.message_id()), stored[2]);
    CHECK(delivery.hear().command.status() == status::suboperations_with_failures);
    release(delivery, *destination);

    moving.archive.say(1, retrieve_rsp(moving.asked, status::suboperations_with_failures, {0, 1, 0, 2}));
    const auto last = moving.viewer.hear();
    CHECK(last.command.status() == status::suboperations_with_failures);
    CHECK(counts(last.command) == Counts{0, 1, 2, 0});
    CHECK(failed_instances(last.data_set) == std::vector{mr.instance, us.instance});
    release(moving.viewer, moving.archive);

    CHECK(refused_by(hospital, mr) == "MR");
    CHECK(refused_by(hospital, us) == "default");
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["rule"] == "CT");
    CHECK(outcomes[0]["decision"] == "open");
    const auto requests = hospital.audit({{"event", "retrieve"}, {"phase", "request"}});
    REQUIRE(requests.size() == 1);
    CHECK(requests[0]["rule"] == "CT, MR, default");
    CHECK(requests[0]["depends_on"] == "modality");
}

TEST_CASE("a retrieval that depends counts as such") {
    Hospital hospital([](Settings& settings) { open_ct(settings); });
    const auto moving = hospital.move(asks_for_study("1.2.8"));
    CHECK(hospital.metric(R"(portcullis_requests_total{decision="depends",operation="retrieve"})") == "1");
}

TEST_CASE("of a retrieval some objects may open and others stay sealed") {
    const auto size = GENERATE(small, large);
    Hospital hospital([](Settings& settings) { open_ct(settings, Decision::sealed); });
    const auto ct = an_image_of("CT", "1.2.8.1.1", size);
    const auto mr = an_image_of("MR", "1.2.8.1.2", size);
    const auto sealed_ct = hospital.store(ct);
    const auto sealed_mr = hospital.store(mr);
    auto moving = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    std::optional<Peer> destination;
    CHECK((delivered(hospital, delivery, destination, moving, mr, sealed_mr) == sealed_mr));
    CHECK((delivered(hospital, delivery, destination, moving, ct, sealed_ct) == ct.data_set));
    release(delivery, *destination);
    CHECK(
        hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}, {"decision", "sealed"}, {"rule", "MR"}})
            .size() == 1);
    CHECK(hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}, {"decision", "open"}, {"rule", "CT"}})
              .size() == 1);
}

TEST_CASE("a retrieval may be given what it asks for as it is in the archive, verified") {
    Hospital hospital([](Settings& settings) { settings.rules[2].decide = Decision::sealed; });
    const auto object = an_image_of("CT", "1.2.8.1.1");
    auto sealed = hospital.store(object);
    auto moving = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    std::optional<Peer> destination;
    CHECK((delivered(hospital, delivery, destination, moving, object, sealed) == sealed));
    sealed[sealed.size() / 2] ^= 1;
    delivery.say(1, store_rq(2, object, "WS1", moving.asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == status::suboperations_with_failures);
    release(delivery, *destination);
    CHECK(hospital.audit({{"event", "alert"}}).size() == 1);
}

TEST_CASE("what a viewer gets on its own association is decided object by object") {
    Hospital hospital([](Settings& settings) { open_ct(settings); });
    const auto ct = an_image_of("CT", "1.2.8.1.1");
    const auto mr = an_image_of("MR", "1.2.8.1.2");
    const auto sealed_ct = hospital.store(ct);
    const auto sealed_mr = hospital.store(mr);
    auto asked = proposal("WS1", "PACS", {context(1, uid::study_get), context(3, uid::ct)});
    asked.user.roles = {{*Uid::parse(uid::ct), false, true}};
    auto [viewer, archive] = hospital.associate(asked, [](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.user.roles = request.user.roles;
        return answer;
    });
    viewer.say(1, request(CommandField::c_get_rq, 50, uid::study_get), asks_for_study("1.2.8"));
    const auto get = archive.hear().command;
    archive.say(3, store_rq(8, mr), sealed_mr);
    CHECK(archive.hear().command.status() == status::suboperations_with_failures);
    archive.say(3, store_rq(9, ct), sealed_ct);
    const auto received = viewer.hear();
    CHECK((received.data_set == ct.data_set));
    viewer.say(3, response_to(received.command, 0));
    CHECK(archive.hear().command.status() == 0);
    archive.say(1, retrieve_rsp(get, status::suboperations_with_failures, {0, 1, 0, 1}));
    CHECK(counts(viewer.hear().command) == Counts{0, 1, 1, 0});
    release(viewer, archive);
    CHECK(refused_by(hospital, mr) == "MR");
}

TEST_CASE("a retrieval of which nothing could be open does not reach the archive") {
    Hospital hospital(
        [](Settings& settings) { settings.rules[2] = rule_for("MR", Decision::refuse, settings); });
    auto [viewer, archive] = hospital.associate(viewer_proposal());
    viewer.say(1, move_rq(7, "WS1"), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == status::not_authorized);
    CHECK_FALSE(archive.hears_more_within(std::chrono::milliseconds(100)));
    release(viewer, archive);
}

TEST_CASE("the class of an object decides as soon as the archive names it") {
    const std::string mr_class = "1.2.840.10008.5.1.4.1.1.4";
    Hospital hospital([](Settings& settings) { settings.rules[2].sop_classes = {*Uid::parse(uid::ct)}; });
    const auto object = an_image_of("CT", "1.2.8.1.1", large);
    const auto sealed = hospital.store(object);
    auto moving = hospital.move(asks_for_study("1.2.8"));
    auto delivery = Call(hospital.wire, hospital.port("archive"),
                         proposal("PACS", "PORTCULLIS", {context(1, uid::ct), context(3, mr_class)}))
                        .established();
    auto other = store_rq(1, an_image_of("MR", "1.2.8.1.2"), "WS1", moving.asked.message_id());
    other.set(dimse::Element::affected_sop_class_uid, mr_class);
    delivery.say(3, other, an_image_of("MR", "1.2.8.1.2").data_set);
    CHECK(delivery.hear().command.status() == status::suboperations_with_failures);
    std::optional<Peer> destination;
    CHECK((delivered(hospital, delivery, destination, moving, object, sealed) == object.data_set));
    release(delivery, *destination);
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "policy"}, {"rule", "default"}}).size() == 1);
}

TEST_CASE("objects are decided as the configuration said that granted the request") {
    Hospital hospital([](Settings& settings) { open_ct(settings); });
    const auto ct = an_image_of("CT", "1.2.8.1.1");
    const auto sealed = hospital.store(ct);
    auto moving = hospital.move(asks_for_study("1.2.8"));
    hospital.reload([](Settings& settings) { settings.rules.resize(2); });
    auto delivery = hospital.deliver();
    std::optional<Peer> destination;
    CHECK((delivered(hospital, delivery, destination, moving, ct, sealed) == ct.data_set));
    release(delivery, *destination);
    moving.viewer.say(1, move_rq(8, "WS1"), asks_for_study("1.2.8"));
    CHECK(moving.viewer.hear().command.status() == status::not_authorized);
}

TEST_CASE("an object that two retrievals may have asked for is withheld if policy decides differently") {
    Hospital hospital([](Settings& settings) {
        open_ct(settings);
        settings.rules[2].called = {*AeTitle::parse("PACS")};
    });
    const auto ct = an_image_of("CT", "1.2.8.1.1");
    const auto sealed = hospital.store(ct);
    const auto first = hospital.move(asks_for_study("1.2.8"));
    hospital.reload([](Settings& settings) { settings.rules[2].decide = Decision::sealed; });
    const auto second = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, ct), sealed);  // the archive does not say for which
    CHECK(delivery.hear().command.status() == status::not_authorized);
    CHECK(hospital.workstation.nobody_called());
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "ambiguous"}}).size() == 1);
}

TEST_CASE("what policy refuses is counted for the move that asked for it, though the archive names none") {
    Hospital hospital([](Settings& settings) { open_ct(settings); });
    const auto mr = an_image("1.2.9.1.1", small, "1.2.9", {"MR", "", ""});
    const auto sealed = hospital.store(mr);
    const auto first = hospital.move(asks_for_study("1.2.8"));
    auto second = hospital.move(asks_for_study("1.2.9"));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, mr), sealed);
    CHECK(delivery.hear().command.status() == status::suboperations_with_failures);
    second.archive.say(1, retrieve_rsp(second.asked, status::suboperations_with_failures, {0, 0, 0, 1}));
    const auto last = second.viewer.hear();
    CHECK(counts(last.command) == Counts{0, 0, 1, 0});
    CHECK(failed_instances(last.data_set) == std::vector{mr.instance});
    CHECK(refused_by(hospital, mr) == "MR");
}

TEST_CASE("pushes are decided object by object") {
    Hospital hospital([](Settings& settings) {
        for (const auto& [modality, decide] : {std::pair("CT", Decision::open), {"MR", Decision::sealed}}) {
            settings.rules.push_back(push_rule(decide));
            settings.rules.back().name = modality;
            settings.rules.back().modalities = {modality};
        }
    });
    const auto ct = an_image_of("CT", "1.2.8.1.1");
    const auto mr = an_image_of("MR", "1.2.8.1.2");
    const auto us = an_image_of("US", "1.2.8.1.3");
    const auto sealed_ct = hospital.store(ct);
    const auto sealed_mr = hospital.store(mr);
    const auto sealed_us = hospital.store(us);
    auto archive = hospital.deliver("WS1");
    archive.say(1, store_rq(1, us), sealed_us);
    CHECK(archive.hear().command.status() == status::not_authorized);
    CHECK(hospital.workstation.nobody_called());
    archive.say(1, store_rq(2, ct), sealed_ct);
    auto destination = hospital.workstation.accept();
    const auto opened = destination.hear();
    CHECK((opened.data_set == ct.data_set));
    destination.say(1, response_to(opened.command, 0));
    CHECK(archive.hear().command.status() == 0);
    archive.say(1, store_rq(3, mr), sealed_mr);
    const auto as_sealed = destination.hear();
    CHECK((as_sealed.data_set == sealed_mr));
    destination.say(1, response_to(as_sealed.command, 0));
    CHECK(archive.hear().command.status() == 0);
    for (const char* decision : {"open", "sealed", "refuse"})
        CHECK(hospital.metric("portcullis_requests_total{decision=\"" + std::string(decision) +
                              "\",operation=\"push\"}") == "1");
    CHECK(refused_by(hospital, us) == "default");
}

TEST_CASE("who is known by a title alone gets nothing by C-GET, whatever the objects are") {
    Hospital hospital([](Settings& settings) {
        open_ct(settings);
        settings.peers[0].addresses.clear();
        settings.peers[0].title_only = true;
    });
    auto asked = viewer_proposal();
    asked.contexts.push_back(context(5, uid::study_get));
    auto [viewer, archive] = hospital.associate(asked);
    viewer.say(5, request(CommandField::c_get_rq, 2, uid::study_get), asks_for_study("1.2.8"));
    CHECK(viewer.hear().command.status() == status::not_authorized);
    CHECK(hospital.metric("portcullis_title_only_opened_total") == "0");
    viewer.say(1, move_rq(7, "WS1"), asks_for_study("1.2.8"));
    CHECK(archive.hear().command.field() == CommandField::c_move_rq);
    CHECK(hospital.metric("portcullis_title_only_opened_total") == "1");
    const auto refusals = hospital.audit({{"event", "refusal"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["reason"] == "C-GET by an AE title alone");
}

TEST_CASE("while it observes, a retrieval of which it depends says on what") {
    Hospital hospital([](Settings& settings) {
        open_ct(settings);
        settings.mode = Mode::observe;
    });
    auto [viewer, archive] = hospital.associate(viewer_proposal());
    viewer.say(1, move_rq(7, "WS1"), asks_for_study("1.2.8"));
    archive.say(1, retrieve_rsp(archive.hear().command, 0, {0, 0, 0, 0}));
    viewer.hear();
    release(viewer, archive);
    const auto told = hospital.audit({{"event", "observe"}, {"operation", "retrieve"}});
    REQUIRE(told.size() == 1);
    CHECK(told[0]["would"] == "depends");
    CHECK(told[0]["rule"] == "CT, MR, default");
    CHECK(told[0]["depends_on"] == "modality");
}
