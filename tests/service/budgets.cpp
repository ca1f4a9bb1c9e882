// Budgets and break-glass: how much a viewer that may retrieve gets, and what happens then. Each image is an
// object of the study that its UID begins with.

#include <unistd.h>

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/service/control.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::response_to;
namespace status = dimse::status;

namespace {

policy::Budget budget(const std::string& name, policy::Allowance limits) {
    return {name, {}, policy::Per::peer, {}, 3600, limits, policy::Over::refuse};
}

std::function<void(Settings&)> with(policy::Budget budget) {
    return [budget = std::move(budget)](Settings& settings) { settings.budgets = {budget}; };
}

void add_viewer(Settings& settings, const std::string& name, const std::string& title) {
    settings.peers.push_back({name, {*AeTitle::parse(title)}, {*Network::parse("127.0.0.1")}});
    settings.endpoints[name] = settings.endpoints.at("reading-room");
    settings.rules[2].from.push_back(name);
    settings.rules[2].to.push_back(name);
}

policy::Rule emergency() {
    policy::Rule rule;
    rule.name = "emergency";
    rule.operations = {policy::Operation::retrieve};
    rule.from = rule.to = {"reading-room"};
    rule.decide = policy::Decision::open;
    rule.break_glass = true;
    return rule;
}

/// An image that the archive has: as it was, and as it is there.
struct Held {
    Object object;
    Bytes sealed;
};
Held hold(Hospital& hospital, const std::string& study, const std::string& number,
          std::size_t size = 64 * 1024) {
    const auto object = an_image(study + '.' + number, size, study);
    return {object, hospital.store(object)};
}

/// A viewer's move of a study, as far as the gateway lets it go.
class Move {
  public:
    Move(Hospital& hospital, const std::string& study, const std::string& title = "WS1")
        : hospital_(hospital), title_(title), peers_(hospital.associate(viewer_proposal(title))) {
        peers_.scanner.say(1, move_rq(7, title), asks_for_study(study));
    }
    /// The archive was not asked.
    std::uint16_t refused() {
        const auto told = peers_.scanner.hear().command.status();
        release(peers_.scanner, peers_.archive);
        return told;
    }
    /// The archive sends an image; as what it reaches the workstation.
    Bytes delivers(const Held& held) {
        auto delivery = send(held);
        auto destination = hospital_.workstation.accept();
        auto received = destination.hear();
        destination.say(1, response_to(received.command, 0));
        CHECK(delivery.hear().command.status() == status::success);
        release(delivery, destination);
        return std::move(received.data_set);
    }
    /// The archive sends an image that goes nowhere.
    void withholds(const Held& held) {
        auto delivery = send(held);
        CHECK(delivery.hear().command.status() == 0xB000);  // so that the archive goes on
        delivery.ask_release();
        CHECK(delivery.hear_end() == End::released);
        CHECK(hospital_.workstation.nobody_called());
        ++withheld_;
    }
    /// The archive has sent everything; what the viewer is told.
    Message end() {
        ask();
        const Counts counted{0, static_cast<std::uint16_t>(sent_ - withheld_), 0, withheld_};
        const auto with = withheld_ ? status::suboperations_with_failures : status::success;
        peers_.archive.say(1, retrieve_rsp(*asked_, with, counted));
        auto last = peers_.scanner.hear();
        release(peers_.scanner, peers_.archive);
        return last;
    }

  private:
    void ask() {
        if (!asked_) asked_ = peers_.archive.hear().command;
    }
    Peer send(const Held& held) {
        ask();
        auto delivery = hospital_.deliver();
        delivery.say(1, store_rq(1, held.object, title_, asked_->message_id()), held.sealed);
        ++sent_;
        return delivery;
    }
    Hospital& hospital_;
    std::string title_;
    Associated peers_;
    std::optional<dimse::Command> asked_;
    std::uint16_t sent_ = 0, withheld_ = 0;
};

/// The whole of a move of one image; as what it came.
Bytes moved(Hospital& hospital, const Held& held, const std::string& title = "WS1") {
    Move move(hospital, held.object.study, title);
    auto received = move.delivers(held);
    CHECK(move.end().command.status() == status::success);
    return received;
}
bool moves(Hospital& hospital, const Held& held, const std::string& title = "WS1") {
    return moved(hospital, held, title) == held.object.data_set;
}

nlohmann::json ask(Hospital& hospital, const nlohmann::json& asked) {
    Settings settings;
    settings.journal = hospital.folder.path() / "journal";
    return nlohmann::json::parse(service::ask_running(settings, asked.dump()));
}

const nlohmann::json of_budget = {{"event", "alert"}, {"reason", "budget"}};

}  // namespace

TEST_CASE("a move that runs over its budget gets what is in it, and is told of the rest") {
    Hospital hospital(with(budget("few", {2, {}, {}})));
    const auto first = hold(hospital, "1.2.8", "1");
    const auto second = hold(hospital, "1.2.8", "2");
    const auto third = hold(hospital, "1.2.8", "3");
    Move move(hospital, "1.2.8");
    CHECK((move.delivers(first) == first.object.data_set));
    CHECK((move.delivers(second) == second.object.data_set));
    move.withholds(third);
    const auto last = move.end();
    CHECK(last.command.status() == 0xB000);
    CHECK(counts(last.command) == Counts{0, 2, 1, 0});
    CHECK(failed_instances(last.data_set) == std::vector{third.object.instance});
    CHECK(hospital.metric("portcullis_budget_exceeded_total{budget=\"few\"}") == "1");
    CHECK(hospital.metric("portcullis_budget_refused_total") == "1");

    CHECK(Move(hospital, "1.2.8").refused() == status::not_authorized);
    CHECK(hospital.metric("portcullis_budget_refused_total") == "2");
    const auto alerts = hospital.audit(of_budget);
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["budget"] == "few");
    CHECK(alerts[0]["peer"] == "reading-room");
    CHECK(alerts[0]["measure"] == "objects");
    CHECK(alerts[0]["limit"] == 2);
    CHECK(alerts[0]["used"] == 2);
    CHECK(alerts[0]["window_seconds"] == 3600);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"reason", "budget"}});
    REQUIRE(refusals.size() == 2);
    CHECK(refusals[0]["sop_instance"] == third.object.instance);
    CHECK(refusals[0]["detail"] == "few: objects: 2 of 2 in 3600 s");
    CHECK(refusals[1]["status"] == "0124");
    const auto outcomes = hospital.audit({{"phase", "outcome"}, {"event", "retrieve"}});
    REQUIRE(outcomes.size() == 2);
    CHECK(outcomes[0]["from"] == "reading-room");
    CHECK(outcomes[0]["bytes"] == first.sealed.size());
}

TEST_CASE("of studies, one that was opened before may be moved again, and no other") {
    Hospital hospital(with(budget("one-study", {{}, 1, {}})));
    const auto first = hold(hospital, "1.2.8", "1");
    const auto other = hold(hospital, "1.2.9", "1");
    CHECK(moves(hospital, first));
    CHECK(moves(hospital, first));
    CHECK(Move(hospital, "1.2.9").refused() == status::not_authorized);
    CHECK(moves(hospital, first));
}

TEST_CASE("over it, an image can go as it is in the archive") {
    auto sealing = budget("few", {1, {}, {}});
    sealing.over = policy::Over::sealed;
    Hospital hospital(with(sealing));
    const auto first = hold(hospital, "1.2.8", "1");
    const auto second = hold(hospital, "1.2.8", "2");
    Move move(hospital, "1.2.8");
    CHECK((move.delivers(first) == first.object.data_set));
    CHECK((move.delivers(second) == second.sealed));
    CHECK(move.end().command.status() == status::success);
    CHECK((moved(hospital, second) == second.sealed));  // the request goes on, too
    CHECK(hospital.audit(of_budget).size() == 1);
    const auto sealed = hospital.audit({{"phase", "outcome"}, {"decision", "sealed"}, {"budget", "few"}});
    CHECK(sealed.size() == 2);
    CHECK(hospital.audit({{"event", "refusal"}}).empty());
}

TEST_CASE("what was never sealed does not go where what is over the budget goes sealed") {
    auto sealing = budget("few", {1, {}, {}});
    sealing.over = policy::Over::sealed;
    Hospital hospital([&](Settings& settings) {
        settings.budgets = {sealing};
        settings.pass_unregistered = true;
    });
    const auto object = an_image("1.2.8.1", 64 * 1024);
    const Held unsealed{object, object.data_set};
    CHECK(moves(hospital, unsealed));
    Move move(hospital, "1.2.8");
    move.withholds(unsealed);
    move.end();
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "not sealed"}}).size() == 1);
}

TEST_CASE("an image that runs over the bytes of the budget is cut off, and what left stays charged") {
    Hospital hospital(with(budget("little", {{}, {}, std::uint64_t{4} << 20})));
    const auto large = hold(hospital, "1.2.8", "1", 6 << 20);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    delivery.begin(1, store_rq(1, large.object, "WS1", asked.message_id()));
    delivery.more(ByteView(large.sealed).first(3 << 20));
    auto destination = hospital.workstation.accept();  // it goes on while it comes
    destination.hear_command();
    delivery.end(ByteView(large.sealed).subspan(3 << 20));
    const auto rest = destination.hear_rest();
    CHECK_FALSE(rest.complete);
    CHECK(rest.data_set.size() <= std::size_t{4} << 20);
    CHECK(delivery.hear().command.status() == 0xB000);
    pacs.say(1, retrieve_rsp(asked, 0xB000, {0, 0, 0, 1}));
    CHECK(counts(viewer.hear().command) == Counts{0, 0, 1, 0});
    release(viewer, pacs);

    hospital.restart();
    const auto small = hold(hospital, "1.2.9", "1");
    CHECK(Move(hospital, "1.2.9").refused() == status::not_authorized);
    const auto refusals = hospital.audit({{"phase", "refused"}, {"reason", "budget"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["charged"] == true);
    CHECK(refusals[0]["bytes"] > 4 << 20);
}

TEST_CASE("what could not be delivered costs nothing") {
    Hospital hospital(with(budget("few", {1, {}, {}})));
    const auto held = hold(hospital, "1.2.8", "1");
    auto tampered = held;
    tampered.sealed[tampered.sealed.size() / 2] ^= 1;
    Move move(hospital, "1.2.8");
    move.withholds(tampered);
    move.end();
    CHECK(moves(hospital, held));
}

TEST_CASE("other viewers do not notice that one has used up its budget, and moves count for who asks") {
    Hospital hospital([](Settings& settings) {
        settings.budgets = {budget("few", {1, {}, {}})};
        add_viewer(settings, "clinic", "WS2");
    });
    const auto held = hold(hospital, "1.2.8", "1");
    CHECK(moves(hospital, held, "WS1"));
    CHECK(Move(hospital, "1.2.8", "WS1").refused() == status::not_authorized);
    CHECK(moves(hospital, held, "WS2"));
    CHECK(Move(hospital, "1.2.8", "WS2").refused() == status::not_authorized);
    CHECK(hospital.audit({{"event", "alert"}, {"peer", "clinic"}}).size() == 1);
}

TEST_CASE("a budget binds whom it is of, and what is opened by the rules that it names") {
    const bool by_rule = GENERATE(false, true);
    auto few = budget("few", {1, {}, {}});
    if (by_rule) few.rules = {"emergency"};
    if (!by_rule) few.of = {"clinic"};
    Hospital hospital([&](Settings& settings) {
        settings.budgets = {few};
        settings.rules.push_back(emergency());
        add_viewer(settings, "clinic", "WS2");
    });
    const auto held = hold(hospital, "1.2.8", "1");
    for (int i = 0; i < 3; ++i) CHECK(moves(hospital, held));
    CHECK(hospital.audit({{"event", "alert"}}).empty());
}

TEST_CASE("of a budget per user each has an own one, and the alert names whom the archive has confirmed") {
    auto each = budget("each", {1, {}, {}});
    each.per = policy::Per::user;
    Hospital hospital(with(each));
    const auto held = hold(hospital, "1.2.8", "1");
    CHECK(moves(hospital, held));  // without a user: under the peer
    auto asked = viewer_proposal();
    asked.user.user_identity_rq = ul::UserIdentityRq{1, true, {'n', 'u', 'r', 's', 'e'}, {}};
    const auto confirm = [](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.user.user_identity_ac = ul::UserIdentityAc{};
        return answer;
    };
    auto [viewer, pacs] = hospital.associate(asked, confirm);
    for (const bool first : {true, false}) {
        viewer.say(1, move_rq(7, "WS1"), asks_for_study("1.2.8"));
        if (!first) break;
        const auto moved = pacs.hear().command;
        auto delivery = hospital.deliver();
        delivery.say(1, store_rq(1, held.object, "WS1", moved.message_id()), held.sealed);
        auto destination = hospital.workstation.accept();
        destination.say(1, response_to(destination.hear().command, 0));
        CHECK(delivery.hear().command.status() == status::success);
        pacs.say(1, retrieve_rsp(moved, 0, {0, 1, 0, 0}));
        CHECK(viewer.hear().command.status() == status::success);
    }
    CHECK(viewer.hear().command.status() == status::not_authorized);
    release(viewer, pacs);
    const auto alerts = hospital.audit(of_budget);
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["user"] == "nurse");
    CHECK(alerts[0]["per"] == "user");
}

namespace {

/// WS1, which may be sent images on its own association, in context 3.
Associated associate_to_get(Hospital& hospital) {
    auto proposed = proposal("WS1", "PACS", {context(1, uid::study_get), context(3, uid::ct)});
    proposed.user.roles = {{*Uid::parse(uid::ct), false, true}};
    return hospital.associate(proposed, [](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.user.roles = request.user.roles;
        return answer;
    });
}

}  // namespace

TEST_CASE("what is got counts as what is moved does") {
    Hospital hospital(with(budget("few", {1, {}, {}})));
    const auto first = hold(hospital, "1.2.8", "1");
    const auto second = hold(hospital, "1.2.8", "2");
    auto [viewer, pacs] = associate_to_get(hospital);
    viewer.say(1, request(CommandField::c_get_rq, 50, uid::study_get), asks_for_study("1.2.8"));
    const auto asked = pacs.hear().command;
    pacs.say(3, store_rq(9, first.object), first.sealed);
    const auto received = viewer.hear();
    CHECK((received.data_set == first.object.data_set));
    viewer.say(3, response_to(received.command, 0));
    CHECK(pacs.hear().command.status() == status::success);
    pacs.say(3, store_rq(10, second.object), second.sealed);
    CHECK(pacs.hear().command.status() == 0xB000);
    pacs.say(1, retrieve_rsp(asked, 0xB000, {0, 1, 0, 1}));
    CHECK(counts(viewer.hear().command) == Counts{0, 1, 1, 0});
    release(viewer, pacs);
}

TEST_CASE("what is got and not answered stays charged, also after a restart") {
    Hospital hospital(with(budget("few", {1, {}, {}})));
    const auto held = hold(hospital, "1.2.8", "1");
    {
        auto [viewer, pacs] = associate_to_get(hospital);
        viewer.say(1, request(CommandField::c_get_rq, 50, uid::study_get), asks_for_study("1.2.8"));
        pacs.hear();
        pacs.say(3, store_rq(9, held.object), held.sealed);
        CHECK((viewer.hear().data_set == held.object.data_set));
        viewer.abort();
        pacs.hear_end();
    }
    hospital.restart();
    CHECK(Move(hospital, "1.2.8").refused() == status::not_authorized);
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["status"] == "unknown");
    CHECK(outcomes[0]["charged"] == true);
}

TEST_CASE("a reload changes the limits and keeps what was used") {
    Hospital hospital(with(budget("few", {1, {}, {}})));
    const auto held = hold(hospital, "1.2.8", "1");
    CHECK(moves(hospital, held));
    hospital.reload(with(budget("few", {2, {}, {}})));
    CHECK(moves(hospital, held));
    CHECK(Move(hospital, "1.2.8").refused() == status::not_authorized);
}

TEST_CASE("a restart keeps what was used, and what was granted") {
    Hospital hospital(with(budget("few", {1, 1, {}})));
    const auto held = hold(hospital, "1.2.8", "1");
    const auto other = hold(hospital, "1.2.9", "1");
    CHECK(moves(hospital, held));
    hospital.restart();
    CHECK(Move(hospital, "1.2.8").refused() == status::not_authorized);
    const auto granted = ask(hospital, {{"command", "grant"},
                                        {"budget", "few"},
                                        {"peer", "reading-room"},
                                        {"objects", 2},
                                        {"seconds", 600},
                                        {"reason", "trauma"}});
    CHECK(granted.contains("until"));
    CHECK(moves(hospital, held));
    CHECK(Move(hospital, "1.2.9").refused() == status::not_authorized);  // no study was granted
    hospital.restart();
    CHECK(moves(hospital, held));
    CHECK(Move(hospital, "1.2.8").refused() == status::not_authorized);
    const auto state = ask(hospital, {{"command", "budgets"}});
    const nlohmann::json account = {{"peer", "reading-room"},
                                    {"objects", {{"used", 3}, {"limit", 3}}},
                                    {"studies", {{"used", 1}, {"limit", 1}}}};
    CHECK(state["budgets"][0]["accounts"] == nlohmann::json::array({account}));
    CHECK(state["grants"].size() == 1);
    const auto grants = hospital.audit({{"event", "grant"}});
    REQUIRE(grants.size() == 1);
    CHECK(grants[0]["budget"] == "few");
    CHECK(grants[0]["peer"] == "reading-room");
    CHECK(grants[0]["objects"] == 2);
    CHECK(grants[0]["seconds"] == 600);
    CHECK(grants[0]["reason"] == "trauma");
    CHECK(grants[0]["by"] == "uid " + std::to_string(::geteuid()));
}

TEST_CASE("what cannot be granted is said in one line, and nothing is granted") {
    Hospital hospital(with(budget("few", {1, {}, {}})));
    const nlohmann::json good = {{"command", "grant"}, {"budget", "few"}, {"peer", "reading-room"},
                                 {"objects", 2},       {"seconds", 600},  {"reason", "trauma"}};
    const auto said = [&](const nlohmann::json& change) {
        auto asked = good;
        asked.merge_patch(change);
        return ask(hospital, asked).value("error", "");
    };
    using Catch::Matchers::Contains;
    CHECK_THAT(said({{"command", "open sesame"}}), Contains("not a command"));
    CHECK_THAT(said({{"budget", "many"}}), Contains("no budget 'many'"));
    CHECK_THAT(said({{"peer", "nobody"}}), Contains("no peer 'nobody'"));
    CHECK_THAT(said({{"peer", nullptr}}), Contains("a peer or a user"));
    CHECK_THAT(said({{"peer", nullptr}, {"user", "nurse"}}), Contains("one per peer"));
    CHECK_THAT(said({{"bytes", 1}}), Contains("does not limit bytes"));
    CHECK_THAT(said({{"objects", nullptr}}), Contains("nothing is granted"));
    CHECK_THAT(said({{"objects", -1}}), Contains("out of range"));
    CHECK_THAT(said({{"objects", std::uint64_t{1} << 60}}), Contains("out of range"));
    CHECK_THAT(said({{"seconds", 59}}), Contains("too short"));
    CHECK_THAT(said({{"seconds", 8 * 24 * 3600}}), Contains("out of range"));
    CHECK_THAT(said({{"reason", ""}}), Contains("a reason is expected"));
    CHECK_THAT(said({{"reason", std::string(300, 'a')}}), Contains("a reason is expected"));
    CHECK(ask(hospital, {{"command", "budgets"}})["grants"].empty());
    CHECK(hospital.audit({{"event", "grant"}}).empty());
}

TEST_CASE("the control socket is for the gateway's own user, and goes with the gateway") {
    Hospital hospital;
    const auto path = hospital.folder.path() / "journal" / "control";
    CHECK(std::filesystem::status(path).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    hospital.stop();
    hospital.wait_for_end();
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_THROWS_WITH(ask(hospital, {{"command", "budgets"}}),
                      Catch::Matchers::Contains("no gateway answers"));
}

TEST_CASE("what nothing else opens is opened by breaking the glass, with an alert before it") {
    Hospital hospital([](Settings& settings) {
        settings.rules[2].decide = policy::Decision::refuse;
        settings.rules.push_back(emergency());
    });
    const auto held = hold(hospital, "1.2.8", "1");
    CHECK(moves(hospital, held));
    CHECK(hospital.metric("portcullis_break_glass_total") == "1");
    const auto alerts = hospital.audit({{"event", "alert"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["reason"] == "break-glass");
    CHECK(alerts[0]["rule"] == "emergency");
    CHECK(alerts[0]["from"] == "reading-room");
    CHECK(alerts[0]["peer"] == "reading-room");
    CHECK(alerts[0]["destination"] == "WS1");
    const auto requests = hospital.audit({{"event", "retrieve"}, {"phase", "request"}});
    REQUIRE(requests.size() == 1);
    CHECK(requests[0]["rule"] == "emergency");
    CHECK(alerts[0]["seq"] < requests[0]["seq"]);
}

TEST_CASE("where another rule opens, the glass stays whole, and strangers cannot break it") {
    Hospital hospital([](Settings& settings) {
        settings.rules.insert(settings.rules.begin(), emergency());
        add_viewer(settings, "clinic", "WS2");
        settings.rules[3].from = settings.rules[3].to = {"reading-room"};
    });
    const auto held = hold(hospital, "1.2.8", "1");
    CHECK(moves(hospital, held));
    CHECK(Move(hospital, "1.2.8", "WS2").refused() == status::not_authorized);
    CHECK(hospital.audit({{"event", "alert"}}).empty());
}

TEST_CASE("the glass can be broken when the budget of the rules is used up, within a budget of its own") {
    auto few = budget("few", {1, {}, {}});
    few.rules = {"rule 3"};
    auto spare = budget("spare", {1, {}, {}});
    spare.rules = {"emergency"};
    const bool spared = GENERATE(true, false);
    Hospital hospital([&](Settings& settings) {
        settings.rules.push_back(emergency());
        settings.budgets = {few, spare};
        if (!spared) settings.budgets[0].rules.clear();  // then it binds break-glass as well
    });
    const auto held = hold(hospital, "1.2.8", "1");
    CHECK(moves(hospital, held));
    if (spared) CHECK(moves(hospital, held));
    CHECK(Move(hospital, "1.2.8").refused() == status::not_authorized);
    CHECK(hospital.audit({{"event", "alert"}, {"reason", "break-glass"}}).size() == (spared ? 1 : 0));
}

TEST_CASE("what is over the budget of breaking the glass still goes sealed where another rule says so") {
    auto spare = budget("spare", {1, {}, {}});
    spare.rules = {"emergency"};
    Hospital hospital([&](Settings& settings) {
        settings.rules[2].decide = policy::Decision::sealed;
        settings.rules.push_back(emergency());
        settings.budgets = {spare};
    });
    const auto held = hold(hospital, "1.2.8", "1");
    CHECK(moves(hospital, held));
    CHECK((moved(hospital, held) == held.sealed));
    CHECK(hospital.audit({{"event", "alert"}, {"reason", "break-glass"}}).size() == 1);
}
