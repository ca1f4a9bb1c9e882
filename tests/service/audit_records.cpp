// What the audit keeps of queries, of keys, and of whose the images are.

#include <catch2/catch.hpp>

#include "gateway/base/base64.hpp"
#include "gateway/keys/keyring.hpp"
#include "gateway/service/query.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::response_to;
using nlohmann::json;

namespace {

const auto find_rq = [](std::uint16_t id) { return request(CommandField::c_find_rq, id, uid::study_find); };

ul::AssociateRq asks_by_find() {
    return proposal("WS1", "PACS", {context(1, uid::study_find, {uid::explicit_le})});
}

}  // namespace

TEST_CASE("a query has one record, with what was asked, the matches and the status") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_by_find());
    const auto asked_for = asks_for_study("1.2.8");
    viewer.say(1, find_rq(40), asked_for);
    const auto asked = pacs.hear().command;
    for (int match = 0; match < 3; ++match) {
        pacs.say(1, response_to(asked, 0xFF00), asked_for);
        viewer.hear();
    }
    pacs.say(1, response_to(asked, 0));
    viewer.hear();
    release(viewer, pacs);

    const auto queries = hospital.audit({{"event", "query"}});
    REQUIRE(queries.size() == 1);
    const auto& query = queries[0];
    for (const auto& [name, value] : std::map<std::string, json>{{"calling_ae", "WS1"},
                                                                 {"called_ae", "PACS"},
                                                                 {"address", "127.0.0.1"},
                                                                 {"archive", "main"},
                                                                 {"sop_class", uid::study_find},
                                                                 {"operation", "find"},
                                                                 {"transfer_syntax", uid::explicit_le},
                                                                 {"query", base64(asked_for)},
                                                                 {"matches", 3},
                                                                 {"status", "0000"}}) {
        INFO(name);
        CHECK(query[name] == value);
    }
    CHECK_FALSE(query.contains("query_bytes"));
    CHECK(query["rule"] != "");
}

TEST_CASE("of a long query the beginning is kept, and how long it was") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_by_find());
    const Bytes asked_for(service::Query::longest_kept + 2, 'x');
    viewer.say(1, find_rq(40), asked_for);
    pacs.say(1, response_to(pacs.hear().command, 0xA900));
    viewer.hear();
    release(viewer, pacs);
    const auto queries = hospital.audit({{"event", "query"}});
    REQUIRE(queries.size() == 1);
    CHECK(queries[0]["query"] == base64(ByteView(asked_for).first(service::Query::longest_kept)));
    CHECK(queries[0]["query_bytes"] == service::Query::longest_kept + 2);
    CHECK(queries[0]["status"] == "A900");
}

TEST_CASE("a query whose association ends before the archive has answered has its record all the same") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_by_find());
    viewer.say(1, find_rq(40), asks_for_study("1.2.8"));
    pacs.say(1, response_to(pacs.hear().command, 0xFF00), asks_for_study("1.2.8"));
    viewer.hear();
    viewer.abort();
    pacs.hear_end();
    const auto queries = hospital.audit({{"event", "query"}});
    REQUIRE(queries.size() == 1);
    CHECK(queries[0]["matches"] == 1);
    CHECK_FALSE(queries[0].contains("status"));
    CHECK(queries[0]["detail"] == "the association ended before the archive had answered");
    CHECK(hospital.audit({{"event", "failure"}, {"operation", "find"}}).empty());
}

TEST_CASE("an echo leaves no record of a query") {
    Hospital hospital;
    auto [viewer, pacs] = hospital.associate(asks_by_find());
    viewer.say(1, request(CommandField::c_echo_rq, 1, uid::study_find));
    pacs.say(1, response_to(pacs.hear().command, 0));
    viewer.hear();
    release(viewer, pacs);
    CHECK(hospital.audit({{"event", "query"}}).empty());
}

TEST_CASE("a move's records name the study, a store's outcome the study and the patient") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", 1024);
    hospital.store(object);
    auto moving = hospital.move(asks_for_study(object.study));
    moving.archive.say(1, retrieve_rsp(moving.asked, 0, {0, 0, 0, 0}));
    moving.viewer.hear();
    release(moving.viewer, moving.archive);
    for (const auto* phase : {"request", "end"}) {
        const auto records = hospital.audit({{"event", "retrieve"}, {"phase", phase}});
        REQUIRE(records.size() == 1);
        CHECK(records[0]["study"] == object.study);
    }
    const auto intents = hospital.audit({{"event", "store"}, {"phase", "intent"}});
    const auto outcomes = hospital.audit({{"event", "store"}, {"phase", "outcome"}});
    REQUIRE(intents.size() == 1);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["study"] == object.study);
    CHECK(outcomes[0].value("patient_id", "") == intents[0]["patient_id"]);
}

TEST_CASE("each start names the keys, and other keys than before have a record") {
    Hospital hospital;
    hospital.restart();
    const auto others = hospital.folder.path() / "other-keys";
    keys::Keyring::init(others);
    hospital.restart([&](Settings& settings) { settings.keyring = others; });
    const auto starts = hospital.audit({{"event", "start"}});
    REQUIRE(starts.size() == 3);
    CHECK(starts[0]["kek"] == starts[1]["kek"]);
    CHECK(starts[0]["signer"] == starts[1]["signer"]);
    const auto changed = hospital.audit({{"event", "keys"}});
    REQUIRE(changed.size() == 1);
    CHECK(changed[0]["kek"] == starts[2]["kek"]);
    CHECK(changed[0]["signer"] == starts[2]["signer"]);
    CHECK(changed[0]["kek_before"] == starts[1]["kek"]);
    CHECK(changed[0]["signer_before"] == starts[1]["signer"]);
    CHECK(changed[0]["kek"] != changed[0]["kek_before"]);
}
