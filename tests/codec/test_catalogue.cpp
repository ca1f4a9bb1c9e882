#include <catch2/catch.hpp>

#include "codec/codec.hpp"

using namespace portcullis::codec;

TEST_CASE("the built-in codecs are found by id and version, and nothing else is") {
    REQUIRE(find_codec("rabbit-siv"));
    CHECK(find_codec("rabbit-siv")->key_length == 80);
    CHECK(find_codec("rabbit-siv", 1) == find_codec("rabbit-siv"));
    CHECK(find_codec("rabbit-siv", 2) == nullptr);
    REQUIRE(find_codec("none", 1));
    CHECK(find_codec("none")->key_length == 0);
    CHECK(find_codec("") == nullptr);
    CHECK(find_codec("Rabbit-SIV") == nullptr);
}
