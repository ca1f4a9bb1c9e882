// What is no image passes as bytes, in both directions; only message ids are the gateway's own.

#include <catch2/catch.hpp>
#include <thread>

#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::Element;
using dimse::response_to;

namespace {

/// Any bytes will do: nobody on the way may look at them.
Bytes opaque(std::size_t size, std::uint8_t first) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = first++;
    return bytes;
}

ul::AssociateRq asks_for(const std::string& sop_class) {
    return proposal("ANY1", "PACS", {context(1, sop_class)});
}

dimse::Command event_report(std::uint16_t id, const std::string& sop_class = uid::commitment) {
    auto report = request(CommandField::n_event_report_rq, id, sop_class);
    report.set(Element::affected_sop_instance_uid, "1.2.840.10008.1.20.1.1");
    return report;
}

}  // namespace

TEST_CASE("a query and its answers pass byte for byte") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::study_find));
    const auto query = opaque(70'000, 1);
    auto asking = request(CommandField::c_find_rq, 40, uid::study_find);
    asking.set(Element::priority, std::uint16_t{2});
    viewer.say(1, asking, query);
    const auto asked = pacs.hear();
    CHECK((asked.data_set == query));
    CHECK(asked.command.number(Element::priority) == std::uint16_t{2});

    const std::uint16_t pending = GENERATE(std::uint16_t{0xFF00}, std::uint16_t{0xFF01});
    for (std::uint8_t match = 0; match < 3; ++match) {
        pacs.say(1, response_to(asked.command, pending), opaque(501, match));
        const auto answer = viewer.hear();
        CHECK(answer.command.responded_to() == MessageId{40});
        CHECK(answer.command.status() == pending);
        CHECK((answer.data_set == opaque(501, match)));
    }
    pacs.say(1, response_to(asked.command, 0));
    CHECK(viewer.hear().command.status() == 0);
    release(viewer, pacs);
}

TEST_CASE("a cancel reaches the archive under the id that the archive knows") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::study_find));
    viewer.say(1, request(CommandField::c_echo_rq, 1, uid::study_find));  // so that the two ids differ
    pacs.say(1, response_to(pacs.hear().command, 0));
    viewer.hear();
    viewer.say(1, request(CommandField::c_find_rq, 40, uid::study_find), opaque(20, 0));
    const auto asked = pacs.hear().command;
    REQUIRE(asked.message_id() != MessageId{40});
    viewer.say(1, cancel_rq(MessageId{40}));
    const auto cancel = pacs.hear().command;
    CHECK(cancel.field() == CommandField::c_cancel_rq);
    CHECK(cancel.responded_to() == asked.message_id());

    pacs.say(1, response_to(asked, 0xFE00));
    CHECK(viewer.hear().command.status() == 0xFE00);
    release(viewer, pacs);
}

TEST_CASE("a cancel of what is finished, or was never asked, is dropped") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::study_find));
    viewer.say(1, request(CommandField::c_find_rq, 40, uid::study_find), opaque(20, 0));
    pacs.say(1, response_to(pacs.hear().command, 0));
    viewer.hear();
    viewer.say(1, cancel_rq(MessageId{40}));
    viewer.say(1, cancel_rq(MessageId{41}));
    release(viewer, pacs);  // of nothing else does the archive hear
}

TEST_CASE("a report from the archive reaches the scanner, and its answer goes back") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(asks_for(uid::mpps));
    const auto content = opaque(300, 7);
    pacs.say(1, event_report(9, uid::mpps), content);
    const auto report = scanner.hear();
    CHECK(report.command.field() == CommandField::n_event_report_rq);
    CHECK(report.command.message_id() == MessageId{9});
    CHECK((report.data_set == content));

    scanner.say(1, response_to(report.command, 0x0110));
    const auto answer = pacs.hear().command;
    CHECK(answer.field() == CommandField::n_event_report_rsp);
    CHECK(answer.responded_to() == MessageId{9});
    CHECK(answer.status() == 0x0110);
    release(scanner, pacs);
}

TEST_CASE("a performed procedure step is created in the archive") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(asks_for(uid::mpps));
    auto creating = request(CommandField::n_create_rq, 3, uid::mpps);
    creating.set(Element::affected_sop_instance_uid, "1.2.77");
    const auto attributes = opaque(4000, 3);
    scanner.say(1, creating, attributes);
    const auto created = pacs.hear();
    CHECK(created.command.sop_instance()->str() == "1.2.77");
    CHECK((created.data_set == attributes));

    pacs.say(1, response_to(created.command, 0), opaque(10, 0));
    const auto answer = scanner.hear();
    CHECK(answer.command.responded_to() == MessageId{3});
    CHECK((answer.data_set == opaque(10, 0)));
    release(scanner, pacs);
}

TEST_CASE("a response to nothing that was asked is dropped, with its data set") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::study_find));
    auto stray = response_to(request(CommandField::c_find_rq, 999, uid::study_find), 0xFF00);
    pacs.say(1, stray, opaque(100'000, 0));
    pacs.say(1, event_report(1));
    CHECK(viewer.hear().command.field() == CommandField::n_event_report_rq);  // nothing before it
}

TEST_CASE("an answer to nothing that the archive asked is dropped") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::commitment));
    viewer.say(1, response_to(event_report(9), 0));
    release(viewer, pacs);  // the archive hears of nothing else
}

TEST_CASE("a peer has 64 requests in flight at most; what it sends beyond waits") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::verification));
    for (std::uint16_t id = 1; id <= 70; ++id)
        viewer.say(1, request(CommandField::c_echo_rq, id, uid::verification));
    std::vector<dimse::Command> asked;
    for (int i = 0; i < 64; ++i) asked.push_back(pacs.hear().command);
    CHECK_FALSE(pacs.hears_more_within(std::chrono::milliseconds(100)));
    for (int i = 0; i < 70; ++i) {
        pacs.say(1, response_to(asked[static_cast<std::size_t>(i)], 0));
        CHECK(viewer.hear().command.responded_to() == MessageId{static_cast<std::uint16_t>(i + 1)});
        if (i < 6) asked.push_back(pacs.hear().command);
    }
    release(viewer, pacs);
}

TEST_CASE("what an archive says twice is heard once") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::verification));
    viewer.say(1, request(CommandField::c_echo_rq, 1, uid::verification));
    const auto asked = pacs.hear().command;
    pacs.say(1, response_to(asked, 0));
    pacs.say(1, response_to(asked, 0x0110));
    CHECK(viewer.hear().command.status() == 0);
    release(viewer, pacs);  // would hear the second answer first
}

TEST_CASE("a message on a context that was not agreed ends the association") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_for(uid::verification));
    viewer.say(3, request(CommandField::c_echo_rq, 1, uid::verification));
    CHECK(viewer.hear_end() == End::aborted);
    CHECK(pacs.hear_end() == End::aborted);
}

TEST_CASE("an answer of the gateway's own to a scanner waits for the end of what the archive is saying") {
    Hospital hospital;
    auto [scanner, pacs] =
        hospital.associate(proposal("CT1", "PACS", {context(1, uid::mpps), context(3, uid::ct)}));
    const auto content = opaque(1024 * 1024, 7);
    pacs.begin(1, event_report(9, uid::mpps));
    pacs.more(ByteView(content).first(content.size() / 2));
    CHECK(scanner.hear_command().message_id() == MessageId{9});
    scanner.say(3, store_rq(1, an_image("1.2.8.1.1", 1024)));  // without a data set: refused at once
    scanner.await_taken();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    pacs.end(ByteView(content).subspan(content.size() / 2));
    const auto report = scanner.hear_rest();
    CHECK(report.complete);
    CHECK((report.data_set == content));
    CHECK(scanner.hear().command.field() == CommandField::c_store_rsp);
}

TEST_CASE("an answer of the gateway's own to an archive waits for the end of what the scanner is saying") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024 * 1024);
    const ByteView all = object.data_set;
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(all.size() / 2));
    const auto stored = pacs.hear_command();
    pacs.say(1, store_rq(77, an_image("1.2.8.1.2", 1024)));  // without a data set: refused at once
    pacs.await_taken();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    scanner.end(all.subspan(all.size() / 2));
    CHECK(pacs.hear_rest().complete);
    CHECK(pacs.hear().command.responded_to() == MessageId{77});
    pacs.say(1, response_to(stored, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, pacs);
}

TEST_CASE("pending responses are relayed as long as both sides want it, and end with the viewer") {
    constexpr std::chrono::milliseconds limit(300);
    Hospital hospital([&](Settings& settings) { settings.limits.response = settings.limits.idle = limit; });
    auto [viewer, pacs] = hospital.associate(asks_for(uid::study_find));
    viewer.say(1, request(CommandField::c_find_rq, 40, uid::study_find), opaque(20, 0));
    const auto asked = pacs.hear().command;
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < 3 * limit) {
        pacs.say(1, response_to(asked, 0xFF00), opaque(500, 1));
        CHECK(viewer.hear().command.status() == 0xFF00);
        std::this_thread::sleep_for(limit / 10);
    }
    viewer.say(1, cancel_rq(MessageId{40}));
    CHECK(pacs.hear().command.field() == CommandField::c_cancel_rq);
    pacs.say(1, response_to(asked, 0xFF00), opaque(500, 1));  // it does not listen
    CHECK(viewer.hear().command.status() == 0xFF00);
    viewer.abort();
    CHECK(pacs.hear_end() == End::aborted);
}

TEST_CASE("an archive whose pending responses come to a stop does not keep the viewer") {
    Hospital hospital([](Settings& settings) { settings.limits.response = std::chrono::milliseconds(300); });
    auto [viewer, pacs] = hospital.associate(asks_for(uid::study_find));
    viewer.say(1, request(CommandField::c_find_rq, 40, uid::study_find), opaque(20, 0));
    pacs.say(1, response_to(pacs.hear().command, 0xFF00), opaque(500, 1));
    CHECK(viewer.hear().command.status() == 0xFF00);
    CHECK(viewer.hear_end() == End::aborted);
    CHECK(pacs.hear_end() == End::closed);
}
