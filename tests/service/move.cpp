// C-MOVE: what goes well. The archive sends to the gateway, which opens and sends on.

#include <catch2/catch.hpp>

#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::Element;
using dimse::response_to;

TEST_CASE("an image that was sealed reaches the viewer as it was, and everybody is told the truth") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    CHECK(asked.ae_title(Element::move_destination)->str() == "PORTCULLIS");

    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(21, object, "WS1", asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    CHECK(destination.proposal().called.str() == "WS1");
    CHECK(destination.proposal().calling.str() == "PACS");
    CHECK(destination.proposal().contexts == std::vector{context(1, uid::ct)});
    const auto received = destination.hear();
    CHECK((received.data_set == object.data_set));
    CHECK(received.command.sop_instance()->str() == object.instance);
    CHECK(received.command.ae_title(Element::move_originator_ae_title)->str() == "WS1");
    CHECK(received.command.number(Element::move_originator_message_id) == std::uint16_t{7});

    destination.say(1, response_to(received.command, 0));
    const auto told = delivery.hear().command;
    CHECK(told.status() == 0);
    CHECK(told.responded_to() == MessageId{21});
    release(delivery, destination);
    pacs.say(1, retrieve_rsp(asked, 0xFF00, {0, 1, 0, 0}));
    pacs.say(1, retrieve_rsp(asked, 0, {0, 1, 0, 0}));
    const auto pending = viewer.hear().command;
    CHECK(pending.status() == 0xFF00);
    CHECK(counts(pending) == Counts{0, 1, 0, 0});
    const auto last = viewer.hear();
    CHECK(last.command.status() == 0);
    CHECK(last.command.responded_to() == MessageId{7});
    CHECK(counts(last.command) == Counts{0, 1, 0, 0});
    CHECK(last.data_set.empty());
    release(viewer, pacs);

    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["sop_instance"] == object.instance);
    CHECK(outcomes[0]["calling_ae"] == "WS1");
    CHECK(outcomes[0]["destination"] == "WS1");
    CHECK(outcomes[0]["sealed"] == true);
    CHECK(outcomes[0]["status"] == "0000");
    CHECK(hospital.audit({{"event", "retrieve"}, {"phase", "intent"}}).size() == 1);
    CHECK(hospital.audit({{"event", "alert"}}).empty());
}

TEST_CASE("the request reaches the archive under an id of the gateway's own") {
    Hospital hospital;
    const auto first = hospital.move(asks_for_study("1.2.8"));
    const auto second = hospital.move(asks_for_study("1.2.9"));
    CHECK(first.asked.message_id() != second.asked.message_id());
}

TEST_CASE("a large image is sent on while it comes") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", 6 * 1024 * 1024);
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.begin(1, store_rq(1, object, "WS1", asked.message_id()));
    delivery.more(ByteView(sealed).first(5 * 1024 * 1024));
    auto destination = hospital.workstation.accept();  // before the archive has sent all
    const auto received = destination.hear_command();
    delivery.end(ByteView(sealed).subspan(5 * 1024 * 1024));
    const auto rest = destination.hear_rest();
    CHECK(rest.complete);
    CHECK((rest.data_set == object.data_set));
    destination.say(1, response_to(received, 0));
    CHECK(delivery.hear().command.status() == 0);
}

TEST_CASE("with release whole even a large image is sent on only when it is complete") {
    Hospital hospital([](Settings& settings) { settings.archives[0].release = Release::whole; });
    const auto object = an_image("1.2.8.1.1", 6 * 1024 * 1024);
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.begin(1, store_rq(1, object, "WS1", asked.message_id()));
    delivery.more(ByteView(sealed).first(5 * 1024 * 1024));
    delivery.await_taken();
    CHECK(hospital.workstation.nobody_calls_within(std::chrono::milliseconds(100)));
    delivery.end(ByteView(sealed).subspan(5 * 1024 * 1024));
    auto destination = hospital.workstation.accept();
    CHECK((destination.hear().data_set == object.data_set));
}

TEST_CASE("images of one move share an association to the destination") {
    Hospital hospital;
    const auto first = an_image("1.2.8.1.1");
    const auto second = an_image("1.2.8.1.2");
    const auto sealed_first = hospital.store(first);
    const auto sealed_second = hospital.store(second);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, first, "WS1", asked.message_id()), sealed_first);
    auto destination = hospital.workstation.accept();
    destination.say(1, response_to(destination.hear().command, 0));
    CHECK(delivery.hear().command.status() == 0);
    delivery.say(1, store_rq(2, second, "WS1", asked.message_id()), sealed_second);
    const auto received = destination.hear();
    CHECK((received.data_set == second.data_set));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
}

TEST_CASE("an archive may send the images of one move over several associations") {
    Hospital hospital;
    std::vector<Object> objects;
    std::vector<Bytes> sealed;
    for (const auto* instance : {"1.2.8.1.1", "1.2.8.1.2", "1.2.8.1.3"}) {
        objects.push_back(an_image(instance));
        sealed.push_back(hospital.store(objects.back()));
    }
    auto [viewer, pacs, asked] = hospital.move(asks_for_study("1.2.8"));
    const auto finish = [&](Peer& delivery, const Object& object) {
        auto destination = hospital.workstation.accept();
        const auto received = destination.hear();
        CHECK((received.data_set == object.data_set));
        destination.say(1, response_to(received.command, 0));
        CHECK(delivery.hear().command.status() == 0);
        release(delivery, destination);
    };
    auto slow = hospital.deliver();
    slow.begin(1, store_rq(1, objects[0], "WS1", asked.message_id()));
    slow.more(ByteView(sealed[0]).first(100'000));
    for (const std::size_t meanwhile : {1, 2}) {  // the end of one association is not that of the move
        auto quick = hospital.deliver();
        quick.say(1, store_rq(1, objects[meanwhile], "WS1", asked.message_id()), sealed[meanwhile]);
        finish(quick, objects[meanwhile]);
    }
    slow.end(ByteView(sealed[0]).subspan(100'000));
    finish(slow, objects[0]);

    pacs.say(1, retrieve_rsp(asked, 0, {0, 3, 0, 0}));
    const auto last = viewer.hear().command;
    CHECK(last.status() == 0);
    CHECK(counts(last) == Counts{0, 3, 0, 0});
    release(viewer, pacs);
    CHECK(hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}, {"status", "0000"}}).size() == 3);
}

TEST_CASE("the destination's own status goes back to the archive") {
    const auto status =
        GENERATE(std::uint16_t{0xB000}, std::uint16_t{0xB007}, std::uint16_t{0xA700}, std::uint16_t{0x0122});
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    destination.say(1, response_to(destination.hear().command, status));
    CHECK(delivery.hear().command.status() == status);
    const Counts archive_counts = (status & 0xF000) == 0xB000 ? Counts{0, 0, 0, 1} : Counts{0, 0, 1, 0};
    pacs.say(1, retrieve_rsp(asked, 0xB000, archive_counts));
    const auto last = viewer.hear().command;
    CHECK(last.status() == 0xB000);
    CHECK(counts(last) == archive_counts);
}

TEST_CASE("a cancel of a move reaches the archive, and so does its end the viewer") {
    Hospital hospital;
    auto [viewer, pacs, asked] = hospital.move(asks_for_study("1.2.8"));
    viewer.say(1, cancel_rq(MessageId{7}));
    const auto cancel = pacs.hear().command;
    CHECK(cancel.responded_to() == asked.message_id());
    pacs.say(1, retrieve_rsp(asked, 0xFE00, {3, 0, 0, 0}));
    const auto last = viewer.hear().command;
    CHECK(last.status() == 0xFE00);
    CHECK(counts(last) == Counts{3, 0, 0, 0});
    release(viewer, pacs);
}

TEST_CASE("an archive may ask whether its move destination is there") {
    Hospital hospital;
    Call calling(hospital.wire, hospital.port("archive"),
                 proposal("PACS", "PORTCULLIS", {context(1, uid::verification)}));
    auto pacs = calling.established();
    pacs.say(1, request(dimse::CommandField::c_echo_rq, 1, uid::verification));
    CHECK(pacs.hear().command.status() == 0);
    pacs.ask_release();
    CHECK(pacs.hear_end() == End::released);
}

TEST_CASE("images that the registry knows and the archive did not send are named in the audit") {
    Hospital hospital;
    hospital.store(an_image("1.2.8.1.1"));
    auto [viewer, pacs, asked] = hospital.move(asks_for_study("1.2.8"));
    pacs.say(1, retrieve_rsp(asked, 0, {0, 0, 0, 0}));
    CHECK(viewer.hear().command.status() == 0);
    release(viewer, pacs);
    const auto ends = hospital.audit({{"event", "retrieve"}, {"phase", "end"}});
    REQUIRE(ends.size() == 1);
    CHECK(ends[0]["missing"] == 1);
    CHECK(ends[0]["missing_instances"] == "1.2.8.1.1");
}
