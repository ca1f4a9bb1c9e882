#include "gateway/base/first_common.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;

TEST_CASE("the first that two lists share is the first of the first list") {
    const auto one = *Uid::parse("1"), two = *Uid::parse("2"), three = *Uid::parse("3");
    CHECK(first_common({three, two, one}, {one, two}) == two);
    CHECK(first_common({one, two}, {three, two, one}) == one);
    CHECK_FALSE(first_common({one}, {two, three}));
    CHECK_FALSE(first_common({}, {one}));
}
