// What an archive sends by itself: it calls the title of a peer, and policy says of each object whether it
// goes there opened, sealed, or not at all. PACS calls WS1.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::Element;
using dimse::response_to;
using policy::Decision;
namespace status = dimse::status;

namespace {

constexpr std::size_t small = 64 * 1024;        // bytes
constexpr std::size_t large = 6 * 1024 * 1024;  // bytes: sent on while it comes

const std::string mr = "1.2.840.10008.5.1.4.1.1.4";

/// With a rule for what the archive pushes to WS1.
Hospital hospital_that(Decision decide, const std::function<void(Settings&)>& change = {}) {
    return Hospital([=](Settings& settings) {
        settings.rules.push_back(push_rule(decide));
        if (change) change(settings);
    });
}

/// What the archive is told of one image on an association of its own; `received` by WS1, if it is there.
std::uint16_t push(Hospital& hospital, const Object& object, const Bytes& returned, Message* received) {
    auto archive = hospital.deliver("WS1");
    archive.say(1, store_rq(21, object), returned);
    auto destination = received ? std::optional(hospital.workstation.accept()) : std::nullopt;
    if (received) {
        *received = destination->hear();
        destination->say(1, response_to(received->command, 0));
    }
    const auto told = archive.hear().command;
    CHECK(told.responded_to() == MessageId{21});
    return told.status();
}

/// An association of the archive's with WS1, for CTs in context 1 and MRs in context 3.
Peer deliver_both(Hospital& hospital) {
    return Call(hospital.wire, hospital.port("archive"),
                proposal("PACS", "WS1", {context(1, uid::ct), context(3, mr)}))
        .established();
}

dimse::Command store_as_mr(std::uint16_t message_id, const Object& object) {
    auto request = store_rq(message_id, object);
    request.set(Element::affected_sop_class_uid, mr);
    return request;
}

Bytes with_one_bit_changed(Bytes sealed) {
    sealed[sealed.size() / 2] ^= 1;
    return sealed;
}

/// One record, which says that it is of this push.
void check_withheld(Hospital& hospital, const Object& object, const std::string& event,
                    const std::string& reason) {
    const auto records = hospital.audit({{"event", event}, {"operation", "push"}});
    REQUIRE(records.size() == 1);
    CHECK(records[0]["sop_instance"] == object.instance);
    CHECK(records[0]["reason"] == reason);
    CHECK(records[0]["peer"] == "reading-room");
    CHECK(records[0]["calling_ae"] == "PACS");
    CHECK(hospital.audit({{"event", "push"}}).empty());
}

}  // namespace

TEST_CASE("what an archive pushes reaches the peer opened or sealed, as policy says") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    const auto size = GENERATE(small, large);
    const bool opens = decide == Decision::open;
    auto hospital = hospital_that(decide);
    const auto object = an_image("1.2.8.1.1", size);
    const auto sealed = hospital.store(object);
    auto archive = hospital.deliver("WS1");
    archive.say(1, store_rq(21, object), sealed);
    auto destination = hospital.workstation.accept();
    CHECK(destination.proposal().called.str() == "WS1");
    CHECK(destination.proposal().calling.str() == "PACS");
    CHECK(destination.proposal().contexts == std::vector{context(1, uid::ct)});
    const auto received = destination.hear();
    CHECK((received.data_set == (opens ? object.data_set : sealed)));
    CHECK_FALSE(received.command.ae_title(Element::move_originator_ae_title));
    CHECK_FALSE(received.command.number(Element::move_originator_message_id));
    destination.say(1, response_to(received.command, 0));
    CHECK(archive.hear().command.status() == 0);
    release(archive, destination);

    const std::string word = opens ? "open" : "sealed";
    CHECK(hospital.metric("portcullis_requests_total{decision=\"" + word + "\",operation=\"push\"}") == "1");
    CHECK(hospital.metric(R"(portcullis_responses_total{class="success",operation="push"})") == "1");
    CHECK(hospital.metric(R"(portcullis_opened_objects_total{archive="main"})") == (opens ? "1" : ""));
    for (const auto* phase : {"intent", "outcome"}) {
        const auto records = hospital.audit({{"event", "push"}, {"phase", phase}});
        REQUIRE(records.size() == 1);
        const nlohmann::json expected{
            {"archive", "main"},      {"calling_ae", "PACS"}, {"address", "127.0.0.1"},
            {"destination", "WS1"},   {"rule", "push"},       {"decision", word},
            {"peer", "reading-room"}, {"sealed", true},       {"study", "1.2.8"}};
        for (const auto& value : expected.items()) CHECK(records[0][value.key()] == value.value());
    }
    CHECK(hospital.audit({{"event", "push"}, {"status", "0000"}}).size() == 1);
    CHECK(hospital.audit({{"event", "retrieve"}}).empty());
}

TEST_CASE("a large image that is pushed is sent on while it comes, unless it is to be whole") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    const auto release_when = GENERATE(Release::stream, Release::whole);
    auto hospital =
        hospital_that(decide, [=](Settings& settings) { settings.archives[0].release = release_when; });
    const auto object = an_image("1.2.8.1.1", large);
    const auto sealed = hospital.store(object);
    auto archive = hospital.deliver("WS1");
    archive.begin(1, store_rq(1, object));
    archive.more(ByteView(sealed).first(5 * 1024 * 1024));
    if (release_when == Release::stream) {
        auto destination = hospital.workstation.accept();  // before the archive has sent all
        destination.hear_command();
        archive.end(ByteView(sealed).subspan(5 * 1024 * 1024));
        const auto rest = destination.hear_rest();
        CHECK(rest.complete);
        CHECK((rest.data_set == (decide == Decision::open ? object.data_set : sealed)));
    } else {
        archive.await_taken();
        CHECK(hospital.workstation.nobody_calls_within(std::chrono::milliseconds(100)));
    }
}

TEST_CASE("the pushes of one association share one to the peer") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    auto hospital = hospital_that(decide);
    const std::vector objects = {an_image("1.2.8.1.1"), an_image("1.2.8.1.2")};
    const std::vector sealed = {hospital.store(objects[0]), hospital.store(objects[1])};
    auto archive = hospital.deliver("WS1");
    archive.say(1, store_rq(1, objects[0]), sealed[0]);
    auto destination = hospital.workstation.accept();
    destination.say(1, response_to(destination.hear().command, 0));
    CHECK(archive.hear().command.status() == 0);
    archive.say(1, store_rq(2, objects[1]), sealed[1]);
    destination.say(1, response_to(destination.hear().command, 0));
    CHECK(archive.hear().command.status() == 0);
    release(archive, destination);
}

TEST_CASE("of a pushed image with one bit changed the peer gets nothing, and the alarm is raised") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    auto hospital = hospital_that(decide);
    const auto object = an_image("1.2.8.1.1", small);
    const auto tampered = with_one_bit_changed(hospital.store(object));
    CHECK(push(hospital, object, tampered, nullptr) == status::processing_failure);
    CHECK(hospital.workstation.nobody_called());
    check_withheld(hospital, object, "alert", "tampered with: does not verify");
}

TEST_CASE("of a large pushed image with one bit changed the peer gets a part and an abort") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    auto hospital = hospital_that(decide);
    const auto object = an_image("1.2.8.1.1", large);
    const auto tampered = with_one_bit_changed(hospital.store(object));
    auto archive = hospital.deliver("WS1");
    archive.say(1, store_rq(1, object), tampered);
    auto destination = hospital.workstation.accept();
    destination.hear_command();
    CHECK_FALSE(destination.hear_rest().complete);
    CHECK(destination.hear_end() == End::aborted);
    CHECK(archive.hear().command.status() == status::processing_failure);
    check_withheld(hospital, object, "alert", "tampered with: does not verify");
}

TEST_CASE("what was sealed and comes in the clear is not pushed") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    auto hospital = hospital_that(decide, [](Settings& settings) { settings.pass_unregistered = true; });
    const auto object = an_image("1.2.8.1.1");
    hospital.store(object);
    CHECK(push(hospital, object, object.data_set, nullptr) == status::processing_failure);
    CHECK(hospital.workstation.nobody_called());
    check_withheld(hospital, object, "alert", "not sealed, or under no known envelope");
}

TEST_CASE("what was never sealed is pushed only where unregistered objects pass, and opened") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    const bool pass = GENERATE(false, true);
    const bool leaves = pass && decide == Decision::open;
    auto hospital = hospital_that(decide, [=](Settings& settings) { settings.pass_unregistered = pass; });
    const auto object = an_image("1.2.8.1.1");
    if (leaves) {
        Message received;
        CHECK(push(hospital, object, object.data_set, &received) == 0);
        CHECK((received.data_set == object.data_set));
        CHECK(hospital.audit({{"event", "push"}, {"phase", "outcome"}, {"sealed", false}}).size() == 1);
    } else {
        CHECK(push(hospital, object, object.data_set, nullptr) == status::not_authorized);
        CHECK(hospital.workstation.nobody_called());
        check_withheld(hospital, object, "refusal", pass ? "not sealed" : "not registered");
    }
}

TEST_CASE("what was sealed offline is pushed by the envelope in it") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    auto hospital = hospital_that(decide, [](Settings& settings) { settings.pass_unregistered = true; });
    const auto object = an_image("1.2.8.1.1", large);
    const auto sealed = sealed_offline(hospital.folder.path() / "keys", object);
    Message received;
    CHECK(push(hospital, object, sealed, &received) == 0);
    CHECK((received.data_set == (decide == Decision::open ? object.data_set : sealed)));
    CHECK(hospital.audit({{"event", "push"}, {"phase", "outcome"}, {"registered", false}}).size() == 1);
}

TEST_CASE("what policy refuses, or no rule names, is refused one by one and goes nowhere") {
    const bool named = GENERATE(true, false);
    Hospital hospital([=](Settings& settings) {
        if (named) settings.rules.push_back(push_rule(Decision::refuse));
    });
    const std::vector objects = {an_image("1.2.8.1.1"), an_image("1.2.8.1.2")};
    const std::vector sealed = {hospital.store(objects[0]), hospital.store(objects[1])};
    auto archive = hospital.deliver("WS1");
    for (std::size_t i = 0; i < objects.size(); ++i) {
        archive.say(1, store_rq(static_cast<std::uint16_t>(i), objects[i]), sealed[i]);
        CHECK(archive.hear().command.status() == status::not_authorized);
    }
    CHECK(hospital.workstation.nobody_called());
    CHECK(hospital.metric(R"(portcullis_requests_total{decision="refuse",operation="push"})") == "2");
    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "push"}, {"reason", "policy"}});
    REQUIRE(refusals.size() == 2);
    CHECK(refusals[0]["rule"] == (named ? "push" : "default"));
    CHECK(refusals[1]["sop_instance"] == objects[1].instance);
}

TEST_CASE("policy decides of each object that is pushed") {
    auto hospital = hospital_that(Decision::sealed, [](Settings& settings) {
        settings.rules.back().sop_classes = {*Uid::parse(uid::ct)};
        settings.pass_unregistered = true;
        settings.rules.push_back(push_rule(Decision::open));
        settings.rules.back().sop_classes = {*Uid::parse(mr)};
    });
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    const auto other = an_image("1.2.8.1.2");
    auto archive = deliver_both(hospital);
    archive.say(1, store_rq(1, object), sealed);
    auto first = hospital.workstation.accept();
    const auto as_sealed = first.hear();
    CHECK((as_sealed.data_set == sealed));
    first.say(1, response_to(as_sealed.command, 0));
    CHECK(archive.hear().command.status() == 0);
    archive.say(3, store_as_mr(2, other), other.data_set);
    auto second = hospital.workstation.accept();
    second.say(3, response_to(second.hear().command, 0));
    CHECK(archive.hear().command.status() == 0);
    CHECK(hospital.audit({{"event", "push"}, {"phase", "outcome"}, {"decision", "sealed"}}).size() == 1);
    CHECK(hospital.audit({{"event", "push"}, {"phase", "outcome"}, {"decision", "open"}}).size() == 1);
}

TEST_CASE("what is pushed is decided by its own rules, though others have the same names") {
    auto hospital = hospital_that(Decision::open, [](Settings& settings) {
        settings.rules.back().modalities = {"US"};
        settings.pass_unregistered = true;
        settings.rules.push_back(push_rule(Decision::sealed));
        settings.rules.back().sop_classes = {*Uid::parse(uid::ct)};
        settings.rules.back().name = "default";
    });
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    const auto other = an_image("1.2.8.1.2");
    auto archive = deliver_both(hospital);
    archive.say(1, store_rq(1, object), sealed);
    auto destination = hospital.workstation.accept();
    destination.say(1, response_to(destination.hear().command, 0));
    CHECK(archive.hear().command.status() == 0);
    archive.say(3, store_as_mr(2, other), other.data_set);
    CHECK(archive.hear().command.status() == status::not_authorized);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "push"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["reason"] == "policy");
}

TEST_CASE("the archive is told the peer's own status of what it pushed") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    const auto own =
        GENERATE(std::uint16_t{0xB000}, std::uint16_t{0xB007}, std::uint16_t{0xA700}, std::uint16_t{0x0122});
    auto hospital = hospital_that(decide);
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto archive = hospital.deliver("WS1");
    archive.say(1, store_rq(1, object), sealed);
    auto destination = hospital.workstation.accept();
    destination.say(1, response_to(destination.hear().command, own));
    CHECK(archive.hear().command.status() == own);
}

TEST_CASE("a peer that cannot be reached is a failure of each pushed object, whatever on_refused says") {
    const auto on_refused = GENERATE(OnRefused::resume, OnRefused::stop);
    auto hospital = hospital_that(Decision::open,
                                  [=](Settings& settings) { settings.archives[0].on_refused = on_refused; });
    const std::vector objects = {an_image("1.2.8.1.1"), an_image("1.2.8.1.2")};
    const std::vector sealed = {hospital.store(objects[0]), hospital.store(objects[1])};
    auto archive = hospital.deliver("WS1");
    SECTION("it is down") {
        hospital.workstation.go_down();
        for (std::size_t i = 0; i < objects.size(); ++i) {
            archive.say(1, store_rq(1, objects[i]), sealed[i]);
            CHECK(archive.hear().command.status() == status::out_of_resources);
        }
    }
    SECTION("it goes where it should answer") {
        for (std::size_t i = 0; i < objects.size(); ++i) {
            archive.say(1, store_rq(1, objects[i]), sealed[i]);
            auto destination = hospital.workstation.accept();
            destination.hear();
            destination.abort();
            CHECK(archive.hear().command.status() == status::out_of_resources);
        }
    }
    CHECK(hospital.audit({{"event", "refusal"}, {"operation", "push"}, {"reason", "destination"}}).size() ==
          2);
}

TEST_CASE("who calls a peer from elsewhere than the archive pushes nothing") {
    auto hospital = hospital_that(Decision::open, [](Settings& settings) {
        settings.archives[0].inbound.addresses = {*Network::parse("10.9.9.9")};
    });
    Call calling(hospital.wire, hospital.port("archive"), proposal("PACS", "WS1", {context(1, uid::ct)}));
    CHECK(calling.rejected() == ul::AssociateRj{1, 1, 7});
}

TEST_CASE("a rule for pushes does not deliver what comes by a move title") {
    auto hospital = hospital_that(Decision::open);
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto archive = hospital.deliver();
    archive.say(1, store_rq(1, object), sealed);
    CHECK(archive.hear().command.status() == status::not_authorized);
    CHECK(hospital.workstation.nobody_called());
    CHECK(hospital.audit({{"event", "alert"}, {"reason", "no retrieval in flight"}}).size() == 1);
}

TEST_CASE("a push beside a move of the same image is no part of it") {
    auto hospital = hospital_that(Decision::sealed);
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto moving = hospital.move(asks_for_study(object.study));
    Message received;
    CHECK(push(hospital, object, sealed, &received) == 0);
    CHECK((received.data_set == sealed));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    const auto moved = destination.hear();
    CHECK((moved.data_set == object.data_set));
    destination.say(1, response_to(moved.command, 0));
    CHECK(delivery.hear().command.status() == 0);
}

TEST_CASE("a peer that is an archive, too, is pushed to by way of the archives' own listener") {
    auto hospital = hospital_that(Decision::sealed, [](Settings& settings) {
        auto mirror = settings.archives[0];
        mirror.name = "mirror";
        mirror.ae_title = settings.peers[0].ae_titles[0];
        mirror.move_titles = {*AeTitle::parse("GATE2")};
        mirror.inbound.addresses = {*Network::parse("10.9.9.9")};
        settings.archives.push_back(mirror);
    });
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    Message received;
    CHECK(push(hospital, object, sealed, &received) == 0);
    CHECK((received.data_set == sealed));
}

TEST_CASE("what is pushed opened to a peer that is known by its title alone counts in a metric") {
    const auto decide = GENERATE(Decision::open, Decision::sealed);
    auto hospital = hospital_that(decide, [](Settings& settings) {
        settings.peers[0].addresses.clear();
        settings.peers[0].title_only = true;
    });
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    Message received;
    CHECK(push(hospital, object, sealed, &received) == 0);
    CHECK(hospital.metric("portcullis_title_only_opened_total") == (decide == Decision::open ? "1" : "0"));
}
