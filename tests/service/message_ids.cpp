#include "gateway/service/message_ids.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace portcullis;
using namespace portcullis::service;

TEST_CASE("message ids are unique while they are in flight, never 0, and come to an end") {
    MessageIds ids;
    std::set<MessageId> taken;
    for (int i = 0; i < 65535; ++i) {
        const auto id = ids.take();
        REQUIRE(id.has_value());
        taken.insert(*id);
    }
    CHECK(taken.size() == 65535);
    CHECK(taken.count(MessageId{0}) == 0);
    CHECK_FALSE(ids.take().has_value());

    ids.give_back(MessageId{4711});
    CHECK(ids.take() == MessageId{4711});
    CHECK_FALSE(ids.take().has_value());
}

TEST_CASE("a message id rests after use until all others were used") {
    MessageIds ids;
    const auto first = ids.take();
    REQUIRE(first.has_value());
    ids.give_back(*first);
    for (int i = 0; i < 65534; ++i) {
        const auto id = ids.take();
        REQUIRE(id.has_value());
        REQUIRE(*id != *first);
        ids.give_back(*id);
    }
    CHECK(ids.take() == first);
}
