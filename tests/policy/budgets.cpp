// Who may have how much: limits, several budgets at once, alerts, and what is granted for a time.

#include "gateway/policy/budgets.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::policy;

namespace {

constexpr Seconds hour = 3600;
constexpr Seconds noon = 1'700'000'040;
const Spender thief{"reading-room", {}, "viewers"};

Budget budget(const std::string& name, Allowance limits) {
    return {name, {}, Per::peer, {}, hour, limits, Over::refuse};
}
Bound bound(const Budget& budget, const Spender& spender = thief) {
    return {&budget, subject_of(budget, spender)};
}

}  // namespace

TEST_CASE("a limit can be reached and not passed") {
    const auto few = budget("few", {3, {}, {}});
    Accounts accounts;
    for (int i = 0; i < 3; ++i) CHECK(accounts.charge({bound(few)}, {1, 10, "1.2.8"}, noon).empty());
    const auto exceeded = accounts.charge({bound(few)}, {1, 10, "1.2.8"}, noon);
    REQUIRE(exceeded.size() == 1);
    CHECK(exceeded[0].budget == "few");
    CHECK(exceeded[0].subject == Subject{Per::peer, "reading-room"});
    CHECK(exceeded[0].measure == Measure::objects);
    CHECK(exceeded[0].limit == 3);
    CHECK(exceeded[0].used == 3);
    CHECK(exceeded[0].window == hour);
    CHECK(exceeded[0].crossed);
    CHECK(accounts.usage(bound(few), noon) == Usage{3, 0, 30});  // what was refused is not charged
    CHECK(accounts.charge({bound(few)}, {1, 10, "1.2.8"}, noon + hour + 60).empty());
}

TEST_CASE("a study that was opened before costs nothing more") {
    const auto two = budget("two", {{}, 2, {}});
    Accounts accounts;
    CHECK(accounts.charge({bound(two)}, {1, 1, "1.2.8"}, noon).empty());
    CHECK(accounts.charge({bound(two)}, {1, 1, "1.2.9"}, noon).empty());
    CHECK(accounts.charge({bound(two)}, {1, 1, "1.2.8"}, noon).empty());
    CHECK(accounts.look({bound(two)}, {1, 1, "1.2.10"}, noon)[0].measure == Measure::studies);
    CHECK(accounts.look({bound(two)}, {1, 1, ""}, noon).empty());  // not known yet
}

TEST_CASE("bytes that follow are charged, and no object again") {
    const auto little = budget("little", {1, {}, 1000});
    Accounts accounts;
    CHECK(accounts.charge({bound(little)}, {1, 600, ""}, noon).empty());
    CHECK(accounts.charge({bound(little)}, {0, 400, ""}, noon).empty());
    CHECK(accounts.charge({bound(little)}, {0, 1, ""}, noon)[0].measure == Measure::bytes);
    CHECK(accounts.charge({bound(little)}, {0, ~std::uint64_t{0}, ""}, noon)[0].used == 1000);
}

TEST_CASE("of several budgets none is charged unless all suffice, and one that refuses comes first") {
    auto seal = budget("seal", {1, {}, {}});
    seal.over = Over::sealed;
    const auto refuse = budget("refuse", {2, {}, {}});
    const auto much = budget("much", {100, {}, {}});
    const Bounds all{bound(much), bound(seal), bound(refuse)};
    Accounts accounts;
    CHECK(accounts.charge(all, {1, 1, ""}, noon).empty());
    const auto once = accounts.charge(all, {1, 1, ""}, noon);
    REQUIRE(once.size() == 1);
    CHECK(once[0].over == Over::sealed);
    CHECK(accounts.usage(bound(much), noon).objects == 1);
    CHECK(accounts.charge({bound(refuse)}, {1, 1, ""}, noon).empty());
    const auto both = accounts.charge(all, {1, 1, ""}, noon);
    REQUIRE(both.size() == 2);
    CHECK(both[0].budget == "refuse");
    CHECK(both[1].budget == "seal");
}

TEST_CASE("each has an account of its own, and who names no user counts under the peer") {
    auto per_user = budget("per-user", {1, {}, {}});
    per_user.per = Per::user;
    const Spender alice{"reading-room", "alice", "viewers"};
    const Spender elsewhere{"clinic", "alice", "viewers"};
    const Spender bob{"reading-room", "bob", "viewers"};
    Accounts accounts;
    CHECK(accounts.charge({bound(per_user, alice)}, {1, 1, ""}, noon).empty());
    CHECK_FALSE(accounts.charge({bound(per_user, elsewhere)}, {1, 1, ""}, noon).empty());
    CHECK(accounts.charge({bound(per_user, bob)}, {1, 1, ""}, noon).empty());
    CHECK(accounts.charge({bound(per_user, thief)}, {1, 1, ""}, noon).empty());
    CHECK_FALSE(accounts.charge({bound(per_user, thief)}, {1, 1, ""}, noon).empty());
    const std::vector<Subject> subjects{
        {Per::peer, "reading-room"}, {Per::user, "alice"}, {Per::user, "bob"}};
    CHECK(accounts.subjects(per_user, noon) == subjects);
    CHECK(accounts.subjects(per_user, noon + 2 * hour).empty());
}

TEST_CASE("crossing a budget is news once, until usage has fallen to three quarters") {
    const auto few = budget("few", {4, {}, {}});
    Accounts accounts;
    const auto take = [&](Seconds at) { return accounts.charge({bound(few)}, {1, 1, ""}, at); };
    for (Seconds minute = 0; minute < 4; ++minute) CHECK(take(noon + 60 * minute).empty());
    CHECK(take(noon + 240)[0].crossed);
    CHECK_FALSE(take(noon + 241)[0].crossed);
    CHECK_FALSE(accounts.look({bound(few)}, {1, 1, ""}, noon + 242)[0].crossed);
    CHECK(take(noon + hour + 60).empty());  // one has passed, and makes room for one: three and one
    CHECK(take(noon + hour + 61)[0].crossed);
}

TEST_CASE("what does not fit into half of a budget is news once, too") {
    const auto little = budget("little", {{}, {}, 1000});
    Accounts accounts;
    CHECK(accounts.charge({bound(little)}, {1, 580, ""}, noon).empty());
    CHECK(accounts.charge({bound(little)}, {1, 580, ""}, noon + 60)[0].crossed);
    CHECK_FALSE(accounts.charge({bound(little)}, {1, 580, ""}, noon + 120)[0].crossed);
    CHECK(accounts.charge({bound(little)}, {1, 580, ""}, noon + hour + 60).empty());
    CHECK(accounts.charge({bound(little)}, {1, 580, ""}, noon + hour + 120)[0].crossed);
}

TEST_CASE("what is granted adds to the limits of one account until it ends") {
    const auto few = budget("few", {1, 1, 100});
    Accounts accounts;
    CHECK(accounts.charge({bound(few)}, {1, 100, "1.2.8"}, noon).empty());
    CHECK(accounts.charge({bound(few)}, {1, 1, "1.2.8"}, noon)[0].crossed);
    const Grant grant{"few", {Per::peer, "reading-room"}, {2, 1, 50}, noon + 600};
    accounts.grant(grant, noon + 1);
    CHECK(accounts.grants(noon + 1) == std::vector{grant});
    CHECK(accounts.limits(bound(few), noon + 1) == Allowance{3, 2, 150});
    CHECK(accounts.charge({bound(few)}, {1, 25, "1.2.9"}, noon + 2).empty());
    CHECK(accounts.charge({bound(few)}, {1, 25, "1.2.9"}, noon + 599).empty());
    const auto news = accounts.charge({bound(few)}, {1, 1, "1.2.9"}, noon + 599);
    CHECK(news[0].limit == 3);
    CHECK(news[0].crossed);
    const Spender other{"clinic", {}, "viewers"};
    CHECK(accounts.charge({bound(few, other)}, {1, 1, ""}, noon + 2).empty());
    CHECK_FALSE(accounts.charge({bound(few, other)}, {1, 1, ""}, noon + 2).empty());
    CHECK(accounts.grants(noon + 600).empty());
    CHECK(accounts.charge({bound(few)}, {1, 1, "1.2.8"}, noon + 600)[0].limit == 1);
}

TEST_CASE("an object that runs when a grant ends is not cut off for how many there are") {
    const auto few = budget("few", {1, {}, 1000});
    Accounts accounts;
    accounts.grant({"few", {Per::peer, "reading-room"}, {1, 0, 0}, noon + 10}, noon);
    CHECK(accounts.charge({bound(few)}, {2, 10, ""}, noon).empty());
    CHECK(accounts.charge({bound(few)}, {0, 10, ""}, noon + 20).empty());
}

TEST_CASE("what was spent before a start counts, whatever the limits, if it is in the window") {
    const auto few = budget("few", {2, {}, {}});
    Accounts accounts;
    accounts.recall({bound(few)}, {1, 1, ""}, noon - hour - 1, noon);
    CHECK(accounts.usage(bound(few), noon).objects == 0);
    for (int i = 0; i < 3; ++i) accounts.recall({bound(few)}, {1, 1, ""}, noon - 1800, noon);
    CHECK(accounts.usage(bound(few), noon).objects == 3);
    CHECK(accounts.charge({bound(few)}, {1, 1, ""}, noon)[0].used == 3);
    CHECK(accounts.charge({bound(few)}, {1, 1, ""}, noon + 1800 + 60).empty());
}

TEST_CASE("a budget that is changed keeps what was used of it") {
    auto few = budget("few", {2, {}, {}});
    Accounts accounts;
    CHECK(accounts.charge({bound(few)}, {2, 1, ""}, noon).empty());
    few.limits.objects = 3;
    few.window = 2 * hour;
    CHECK(accounts.charge({bound(few)}, {1, 1, ""}, noon + hour + 60).empty());
    CHECK(accounts.charge({bound(few)}, {1, 1, ""}, noon + hour + 60)[0].used == 3);
}
