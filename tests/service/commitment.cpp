// Storage Commitment: asked for once the archive has the objects, kept across restarts, and answered on the
// association of the request or on one that the archive opens. The scanner is WS1, which can be called, or
// CT1, which cannot.

#include <catch2/catch.hpp>

#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::Element;
using dimse::response_to;

namespace {

const ul::RoleSelection as_provider{*Uid::parse(uid::commitment), false, true};

/// Images in context 1, commitment in 3.
ul::AssociateRq storing(const std::string& calling) {
    return proposal(calling, "PACS", {context(1, uid::ct), context(3, uid::commitment)});
}

ul::AssociateRq reporting(const std::string& called) {
    auto request =
        proposal("PACS", called, {context(5, uid::commitment, {uid::explicit_le, uid::implicit_le})});
    request.user.roles.push_back(as_provider);
    return request;
}

/// The archive has taken the request of `calling`, and its association is over.
void ask(Hospital& hospital, const std::string& calling, const std::string& transaction) {
    auto [scanner, pacs] = hospital.associate(storing(calling));
    scanner.say(3, action_rq(4), asks_to_commit(transaction, {"1.2.3"}));
    pacs.say(3, response_to(pacs.hear().command, 0));
    REQUIRE(scanner.hear().command.status() == 0);
    release(scanner, pacs);
}

Peer archive_calls(Hospital& hospital, const std::string& called) {
    return Call(hospital.wire, hospital.port("archive"), reporting(called)).established();
}

/// What the archive is told of a result that it reports to `called`.
dimse::Command answer_to_report(Hospital& hospital, const std::string& called, const Bytes& result) {
    auto pacs = archive_calls(hospital, called);
    pacs.say(5, report_rq(9), result);
    auto answer = pacs.hear().command;
    pacs.ask_release();
    REQUIRE(pacs.hear_end() == End::released);
    return answer;
}

/// The archive reports, and the scanner answers with `status`.
void check_delivered(Hospital& hospital, const std::string& called, const std::string& transaction,
                     std::uint16_t status) {
    const auto result = result_of(transaction, {"1.2.3"}, {"1.2.4"});
    auto pacs = archive_calls(hospital, called);
    pacs.say(5, report_rq(9), result);
    auto scanner = hospital.workstation.accept();
    const auto heard = scanner.hear();
    CHECK(heard.command.field() == CommandField::n_event_report_rq);
    CHECK(heard.command.message_id() == MessageId{9});
    CHECK((heard.data_set == result));
    scanner.say(heard.context, response_to(heard.command, status));
    REQUIRE(pacs.hears_more_within(std::chrono::seconds(1)));  // the scanner has not agreed to part yet
    const auto answer = pacs.hear();
    CHECK(answer.command.responded_to() == MessageId{9});
    CHECK(answer.command.status() == status);
    scanner.grant_release();
    pacs.ask_release();
    CHECK(pacs.hear_end() == End::released);
}

}  // namespace

TEST_CASE("a request for a commitment passes byte for byte, and so does its answer") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(storing("CT1"));
    const auto content = asks_to_commit("1.2.77", {"1.2.3", "1.2.4"});
    scanner.say(3, action_rq(4), content);
    const auto asked = pacs.hear();
    CHECK(asked.context == 3);
    CHECK((asked.data_set == content));
    auto expected = action_rq(static_cast<std::uint16_t>(asked.command.message_id()));
    expected.set(Element::command_data_set_type, std::uint16_t{0});
    CHECK(asked.command == expected);
    pacs.say(3, response_to(asked.command, 0x0213));
    const auto answer = scanner.hear().command;
    CHECK(answer.responded_to() == MessageId{4});
    CHECK(answer.status() == 0x0213);
    release(scanner, pacs);
    const auto known = nlohmann::json{{"event", "commitment"},
                                      {"transaction", "1.2.77"},
                                      {"instances", 2},
                                      {"calling_ae", "CT1"},
                                      {"archive", "main"}};
    auto intent = known;
    intent["phase"] = "intent";
    CHECK(hospital.audit(intent).size() == 1);
    auto outcome = known;
    outcome.update({{"phase", "outcome"}, {"status", "0213"}});
    CHECK(hospital.audit(outcome).size() == 1);
}

TEST_CASE(
    "a result on an association of the archive's own reaches the scanner as if the archive had called it") {
    Hospital hospital;
    ask(hospital, "WS1", "1.2.77");
    auto pacs = archive_calls(hospital, "WS1");
    CHECK(pacs.answer().user.roles == std::vector{as_provider});
    const auto result = result_of("1.2.77", {"1.2.3"});
    pacs.say(5, report_rq(9), result);
    auto scanner = hospital.workstation.accept();
    const auto& proposed = scanner.proposal();
    CHECK(proposed.called.str() == "WS1");
    CHECK(proposed.calling.str() == "PACS");
    CHECK(proposed.contexts == std::vector{context(5, uid::commitment, {uid::implicit_le})});
    CHECK(proposed.user.roles == std::vector{as_provider});
    const auto heard = scanner.hear();
    CHECK((heard.data_set == result));
    scanner.say(heard.context, response_to(heard.command, 0));
    CHECK(pacs.hear().command.status() == 0);
    scanner.grant_release();
    const auto records = hospital.audit({{"event", "commitment"}, {"phase", "result"}});
    REQUIRE(records.size() == 1);
    const nlohmann::json expected{{"transaction", "1.2.77"}, {"instances", 1},      {"failed", 0},
                                  {"status", "0000"},        {"calling_ae", "WS1"}, {"peer", "reading-room"},
                                  {"archive", "main"},       {"rule", "rule 2"}};
    for (const auto& value : expected.items()) CHECK(records[0][value.key()] == value.value());
}

TEST_CASE("the scanner's own status is what the archive is told, and it may report again") {
    Hospital hospital;
    ask(hospital, "WS1", "1.2.77");
    check_delivered(hospital, "WS1", "1.2.77", 0x0110);
    check_delivered(hospital, "WS1", "1.2.77", 0);
}

TEST_CASE("who asked is known after a restart") {
    Hospital hospital;
    ask(hospital, "WS1", "1.2.77");
    hospital.restart();
    check_delivered(hospital, "WS1", "1.2.77", 0);
}

TEST_CASE("a result for a scanner that the archive knows by another title") {
    const bool own = GENERATE(true, false);
    Hospital hospital([&](Settings& settings) {
        auto& calling = settings.archives.front().calling_ae;
        calling.kind = own ? CallingAe::Kind::own : CallingAe::Kind::map;
        calling.map.emplace(*AeTitle::parse("WS1"), *AeTitle::parse("GATE1"));
    });
    ask(hospital, "WS1", "1.2.77");
    check_delivered(hospital, own ? "PORTCULLIS" : "GATE1", "1.2.77", 0);
}

TEST_CASE("the scanner is called as it was when it called the gateway") {
    Hospital hospital;
    auto request = storing("WS1");
    request.called = *AeTitle::parse("PORTCULLIS");
    auto [scanner, pacs] = hospital.associate(request);
    scanner.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.3"}));
    pacs.say(3, response_to(pacs.hear().command, 0));
    scanner.hear();
    release(scanner, pacs);
    auto reporting = archive_calls(hospital, "WS1");
    reporting.say(5, report_rq(9), result_of("1.2.77", {"1.2.3"}));
    CHECK(hospital.workstation.accept().proposal().calling.str() == "PORTCULLIS");
}

TEST_CASE("a result on the association of the request reaches the scanner, and the audit") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(storing("CT1"));
    scanner.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.3"}));
    pacs.say(3, response_to(pacs.hear().command, 0));
    scanner.hear();
    const auto report = result_of("1.2.77", {}, {"1.2.3"}, uid::explicit_le);
    pacs.say(3, report_rq(9), report);
    const auto heard = scanner.hear();
    CHECK((heard.data_set == report));
    scanner.say(3, response_to(heard.command, 0));
    CHECK(pacs.hear().command.status() == 0);
    release(scanner, pacs);
    const nlohmann::json result{{"event", "commitment"},   {"phase", "result"}, {"calling_ae", "CT1"},
                                {"transaction", "1.2.77"}, {"instances", 0},    {"failed", 1},
                                {"status", "0000"}};
    CHECK(hospital.audit(result).size() == 1);
}

TEST_CASE("a result that this scanner did not ask for does not reach it") {
    Hospital hospital(
        [](Settings& settings) { settings.archives.front().calling_ae.kind = CallingAe::Kind::own; });
    ask(hospital, "WS1", "1.2.77");
    auto [other, pacs] = hospital.associate(storing("CT1"));
    const std::string transaction = GENERATE("1.2.77", "1.2.78");
    pacs.say(3, report_rq(9), result_of(transaction, {}, {}, uid::explicit_le));
    CHECK(pacs.hear().command.status() == 0x0115);
    pacs.say(3, report_rq(10), as_bytes("no data set"));
    CHECK(pacs.hear().command.status() == 0x0115);
    release(other, pacs);  // which heard nothing
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "nobody asked for this"}}).size() == 1);
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "malformed result"}}).size() == 1);
}

TEST_CASE("a result that nobody asked for is refused, and nobody hears of it") {
    Hospital hospital;
    ask(hospital, "CT1", "1.2.77");
    const std::string called = GENERATE("CT1", "WS1", "PORTCULLIS");
    const std::string transaction = called == "CT1" ? "1.2.78" : "1.2.77";
    const auto answer = answer_to_report(hospital, called, result_of(transaction, {"1.2.3"}));
    CHECK(answer.status() == 0x0115);
    CHECK(answer.text(Element::error_comment) == "nobody asked for this");
    CHECK(hospital.workstation.nobody_called());
    CHECK(hospital
              .audit({{"event", "refusal"},
                      {"operation", "commitment"},
                      {"reason", "nobody asked for this"},
                      {"called_ae", called},
                      {"transaction", transaction}})
              .size() == 1);
}

TEST_CASE("a result that cannot be read is refused") {
    Hospital hospital;
    ask(hospital, "WS1", "1.2.77");
    const auto whole = result_of("1.2.77", {"1.2.3"});
    const auto cut = ByteView(whole).first(whole.size() - 3);
    CHECK(answer_to_report(hospital, "WS1", {cut.begin(), cut.end()}).status() == 0x0115);
    CHECK(hospital.workstation.nobody_called());
}

TEST_CASE("a result for a scanner that cannot be called fails with a reason") {
    Hospital hospital;
    ask(hospital, "CT1", "1.2.77");
    const auto answer = answer_to_report(hospital, "CT1", result_of("1.2.77", {"1.2.3"}));
    CHECK(answer.status() == 0x0110);
    CHECK(answer.text(Element::error_comment) == "no host and port configured");
    CHECK(hospital
              .audit({{"event", "refusal"}, {"reason", "no host and port configured"}, {"calling_ae", "CT1"}})
              .size() == 1);
}

TEST_CASE("a result for a scanner that does not answer fails with a reason") {
    Hospital hospital;
    ask(hospital, "WS1", "1.2.77");
    SECTION("it is not there") {
        hospital.workstation.go_down();
        const auto answer = answer_to_report(hospital, "WS1", result_of("1.2.77", {"1.2.3"}));
        CHECK(answer.status() == 0x0110);
        CHECK(answer.text(Element::error_comment) == "scanner unreachable");
    }
    SECTION("it does not take results") {
        auto pacs = archive_calls(hospital, "WS1");
        pacs.say(5, report_rq(9), result_of("1.2.77", {"1.2.3"}));
        auto scanner = hospital.workstation.accept([](const ul::AssociateRq& request) {
            return ul::accept(request, {"1.2.3.4", "SCRIPTED", 16384},
                              [](const ul::ProposedContext&) { return std::optional<Uid>(); });
        });
        scanner.grant_release();
        CHECK(pacs.hear().command.status() == 0x0110);
    }
    SECTION("it goes away") {
        auto pacs = archive_calls(hospital, "WS1");
        pacs.say(5, report_rq(9), result_of("1.2.77", {"1.2.3"}));
        auto scanner = hospital.workstation.accept();
        scanner.hear();
        scanner.abort();
        CHECK(pacs.hear().command.status() == 0x0110);
    }
}

TEST_CASE("on an association that calls a scanner that cannot be called nothing but results is taken") {
    Hospital hospital;
    ask(hospital, "CT1", "1.2.77");
    auto request = reporting("CT1");
    request.contexts = {context(1, uid::ct), context(3, uid::study_find), context(5, uid::commitment),
                        context(7, uid::verification)};
    auto pacs = Call(hospital.wire, hospital.port("archive"), request).established();
    for (const auto& answered : pacs.answer().contexts) {
        const bool taken = answered.id.value() >= 5;
        CHECK((answered.result == ul::ContextResult::acceptance) == taken);
    }
    pacs.say(7, service::test::request(CommandField::c_echo_rq, 1, uid::verification));
    CHECK(pacs.hear().command.status() == 0);
    pacs.say(5, action_rq(2), asks_to_commit("1.2.78", {"1.2.3"}));
    CHECK(pacs.hear().command.status() == 0x0211);
}

TEST_CASE("results and pushes may come on one association") {
    Hospital hospital(
        [](Settings& settings) { settings.rules.push_back(push_rule(policy::Decision::open)); });
    ask(hospital, "WS1", "1.2.77");
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto request = reporting("WS1");
    request.contexts.push_back(context(7, uid::ct));
    auto pacs = Call(hospital.wire, hospital.port("archive"), request).established();
    pacs.say(7, store_rq(1, object), sealed);
    auto viewer = hospital.workstation.accept();
    CHECK(viewer.proposal().contexts.back() == context(7, uid::ct));
    const auto pushed = viewer.hear();
    CHECK((pushed.data_set == object.data_set));
    viewer.say(7, response_to(pushed.command, 0));
    CHECK(pacs.hear().command.status() == 0);
    const auto result = result_of("1.2.77", {"1.2.3"});
    pacs.say(5, report_rq(9), result);
    auto scanner = hospital.workstation.accept();
    const auto reported = scanner.hear();
    CHECK((reported.data_set == result));
    scanner.say(reported.context, response_to(reported.command, 0));
    CHECK(pacs.hear().command.status() == 0);
}

TEST_CASE("only the archive may call scanners, and only those that asked or may be called") {
    const auto rejection = [](Hospital& hospital, const std::string& called) {
        return Call(hospital.wire, hospital.port("archive"), reporting(called)).rejected();
    };
    constexpr ul::AssociateRj unknown_title{1, 1, 7};
    SECTION("a title that asked for nothing") {
        Hospital hospital;
        ask(hospital, "CT1", "1.2.77");
        CHECK(rejection(hospital, "CT2") == unknown_title);
        archive_calls(hospital, "CT1");
    }
    SECTION("another address") {
        Hospital hospital([](Settings& settings) {
            settings.archives.front().inbound.addresses = {*Network::parse("10.0.0.5")};
        });
        ask(hospital, "WS1", "1.2.77");
        CHECK(rejection(hospital, "WS1") == unknown_title);
    }
    SECTION("the port of the scanners") {
        Hospital hospital;
        ask(hospital, "WS1", "1.2.77");
        CHECK(hospital.call(reporting("WS1")).rejected() == unknown_title);
    }
}

TEST_CASE("what the policy no longer allows to be asked is not answered") {
    Hospital hospital;
    ask(hospital, "WS1", "1.2.77");
    hospital.restart([](Settings& settings) { settings.rules.clear(); });
    CHECK(answer_to_report(hospital, "WS1", result_of("1.2.77", {"1.2.3"})).status() == 0x0124);
    CHECK(hospital.workstation.nobody_called());
}

TEST_CASE("the archive is not asked before it has answered for the objects") {
    Hospital hospital;
    const auto image = an_image("1.2.3");
    auto [scanner, pacs] = hospital.associate(storing("CT1"));
    scanner.say(1, store_rq(1, image), image.data_set);
    const auto stored = pacs.hear();
    SECTION("on the same association") {
        scanner.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.3"}));
        CHECK_FALSE(pacs.hears_more_within(std::chrono::milliseconds(200)));
        pacs.say(1, response_to(stored.command, 0));
        CHECK(scanner.hear().command.field() == CommandField::c_store_rsp);
        CHECK(pacs.hear().command.field() == CommandField::n_action_rq);
    }
    SECTION("on another, until the archive refused it") {
        auto [other, other_pacs] = hospital.associate(storing("CT2"));
        other.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.9", "1.2.3"}));
        CHECK_FALSE(other_pacs.hears_more_within(std::chrono::milliseconds(200)));
        pacs.say(1, response_to(stored.command, 0xA700));
        CHECK(other_pacs.hear().command.field() == CommandField::n_action_rq);
    }
    SECTION("on another, until the association of the store ended") {
        auto [other, other_pacs] = hospital.associate(storing("CT2"));
        other.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.3"}));
        CHECK_FALSE(other_pacs.hears_more_within(std::chrono::milliseconds(200)));
        scanner.abort();
        CHECK(other_pacs.hear().command.field() == CommandField::n_action_rq);
    }
    SECTION("but others need not wait for it") {
        auto [other, other_pacs] = hospital.associate(storing("CT2"));
        other.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.4"}));
        CHECK(other_pacs.hear().command.field() == CommandField::n_action_rq);
    }
}

TEST_CASE("a request for objects that never come to the archive ends") {
    Hospital hospital([](Settings& settings) { settings.limits.response = std::chrono::milliseconds(300); });
    const auto image = an_image("1.2.3");
    auto [scanner, pacs] = hospital.associate(storing("CT1"));
    SECTION("refused, if a scanner does not send the rest") {
        scanner.begin(1, store_rq(1, image));
        scanner.more(ByteView(image.data_set).first(100));
        auto [other, other_pacs] = hospital.associate(storing("CT2"));
        other.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.3"}));
        CHECK(other.hear().command.status() == 0x0213);
        release(other, other_pacs);  // which heard nothing
        CHECK(hospital.audit({{"event", "refusal"}, {"reason", "stores not answered in time"}}).size() == 1);
    }
    SECTION("with the association, if the archive went") {
        scanner.say(1, store_rq(1, image), image.data_set);
        pacs.hear();
        scanner.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.3"}));
        scanner.await_taken();
        pacs.abort();
        CHECK(scanner.hear_end() == End::aborted);
    }
}

TEST_CASE("a request that cannot be read does not reach the archive") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(storing("CT1"));
    scanner.say(3, action_rq(4), as_bytes("no data set"));
    CHECK(scanner.hear().command.status() == 0x0115);
    release(scanner, pacs);
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "malformed request"}}).size() == 1);
}

TEST_CASE("a transaction belongs to the scanner that asked first") {
    Hospital hospital(
        [](Settings& settings) { settings.archives.front().calling_ae.kind = CallingAe::Kind::own; });
    ask(hospital, "WS1", "1.2.77");
    auto [other, pacs] = hospital.associate(storing("CT1"));
    other.say(3, action_rq(4), asks_to_commit("1.2.77", {"1.2.3"}));
    CHECK(other.hear().command.status() == 0x0210);
    release(other, pacs);
    ask(hospital, "WS1", "1.2.77");
    check_delivered(hospital, "PORTCULLIS", "1.2.77", 0);
}

TEST_CASE("of a commitment the scanner hears what the archive says, and nothing else") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(storing("CT1"));
    for (const std::uint16_t status : {std::uint16_t{0x0110}, std::uint16_t{0}}) {
        const auto request = asks_to_commit("1.2.77", {"1.2.3"});
        scanner.say(3, action_rq(4), request);
        const auto asked = pacs.hear();
        CHECK((asked.data_set == request));
        CHECK_FALSE(scanner.hears_more_within(std::chrono::milliseconds(50)));
        pacs.say(3, response_to(asked.command, status));
        CHECK(scanner.hear().command.status() == status);
    }
    CHECK_FALSE(scanner.hears_more_within(std::chrono::milliseconds(300)));
    release(scanner, pacs);
}

TEST_CASE(
    "while the gateway observes, a commitment that policy refuses is asked for, and its result delivered") {
    Hospital hospital([](Settings& settings) {
        settings.mode = Mode::observe;
        settings.rules.clear();
    });
    ask(hospital, "WS1", "1.2.77");
    check_delivered(hospital, "WS1", "1.2.77", 0x0110);
    const auto told = hospital.audit({{"event", "observe"}, {"operation", "commitment"}});
    REQUIRE(told.size() == 2);  // the request, and the result
    for (const auto& record : told) {
        CHECK(record["would"] == "refuse");
        CHECK(record["rule"] == "default");
        CHECK(record["status"] == "0124");
        CHECK(record["from"] == "reading-room");
    }
    CHECK(hospital.audit({{"event", "refusal"}}).empty());
}

TEST_CASE("while the gateway observes, a result on the scanner's association passes whoever asked for it") {
    Hospital hospital([](Settings& settings) { settings.mode = Mode::observe; });
    auto [scanner, pacs] = hospital.associate(storing("CT1"));
    const auto result = result_of("1.2.77", {"1.2.3"});
    pacs.say(3, report_rq(9), result);
    const auto report = scanner.hear();
    CHECK(report.command.message_id() == MessageId{9});
    CHECK((report.data_set == result));
    scanner.say(3, response_to(report.command, 0));
    const auto answer = pacs.hear().command;
    CHECK(answer.responded_to() == MessageId{9});
    CHECK(answer.status() == 0);
    release(scanner, pacs);
}
