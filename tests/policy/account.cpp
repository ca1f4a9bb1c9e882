// One sliding window.

#include "gateway/policy/account.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::policy;

namespace {

constexpr Seconds hour = 3600;
constexpr Seconds noon = 1'700'000'040;  // a bucket of an hour begins here: it is a multiple of 60

Usage used(Account& account, Seconds now) {
    account.advance(now);
    return account.usage();
}

}  // namespace

TEST_CASE("nothing is forgotten before the window has passed, and all of it a sixtieth later") {
    const Seconds at = noon + GENERATE(range(Seconds{0}, Seconds{60}));
    Account account(hour);
    account.add({2, 700, "1.2.8"}, at);
    CHECK(used(account, at) == Usage{2, 1, 700});
    CHECK(used(account, at + hour) == Usage{2, 1, 700});
    CHECK(used(account, at + hour + 60) == Usage{});
    CHECK(account.empty());
}

TEST_CASE("what is older goes, what is younger stays") {
    Account account(hour);
    for (Seconds minute = 0; minute < 60; ++minute) account.add({1, 10, ""}, noon + 60 * minute);
    CHECK(used(account, noon + hour) == Usage{60, 0, 600});
    CHECK(used(account, noon + hour + 60 * 30) == Usage{30, 0, 300});
}

TEST_CASE("a study counts once, for a window from its last use on") {
    Account account(hour);
    account.add({1, 0, "1.2.8"}, noon);
    account.add({1, 0, "1.2.9"}, noon + 10);
    account.add({1, 0, "1.2.8"}, noon + 1800);
    CHECK(account.knows("1.2.8"));
    CHECK(used(account, noon + 1800) == Usage{3, 2, 0});
    CHECK(used(account, noon + hour + 11).studies == 1);
    CHECK_FALSE(account.knows("1.2.9"));
    CHECK(account.knows("1.2.8"));
    CHECK(used(account, noon + 1800 + hour + 1).studies == 0);
}

TEST_CASE("a clock that is put back gives nothing free, and keeps nothing for ever") {
    Account account(hour);
    account.add({3, 30, "1.2.8"}, noon + 1'000'000);
    CHECK(used(account, noon) == Usage{3, 1, 30});
    CHECK(used(account, noon + hour) == Usage{3, 1, 30});
    CHECK(used(account, noon + hour + 60) == Usage{});
}

TEST_CASE("what is remembered in another order is as old as it is") {
    Account account(hour);
    account.add({1, 1, "1.2.9"}, noon + 600);
    account.add({1, 2, "1.2.8"}, noon);
    CHECK(used(account, noon + 600) == Usage{2, 2, 3});
    CHECK(used(account, noon + hour + 60).objects == 1);
    CHECK(used(account, noon + hour + 60).bytes == 1);
    CHECK(used(account, noon + hour + 660) == Usage{});
}

TEST_CASE("a window that becomes longer keeps what is in it, one that becomes shorter what still is") {
    Account account(hour);
    account.add({1, 1, "1.2.8"}, noon);
    account.add({1, 2, "1.2.9"}, noon + 3000);
    account.fit(24 * hour);
    CHECK(used(account, noon + 4 * hour) == Usage{2, 2, 3});
    account.fit(hour);
    CHECK(used(account, noon + 4 * hour) == Usage{});
}

TEST_CASE("memory does not grow with what is used") {
    Account account(60);
    for (Seconds second = 0; second < 100'000; ++second) {
        account.advance(noon + second);
        account.add({1, 1, "1.2." + std::to_string(second)}, noon + second);
    }
    CHECK(account.usage().objects <= 62);
    CHECK(account.usage().studies <= 62);
}
