#include <catch2/catch.hpp>

#include "codec/codec.hpp"

using namespace portcullis::codec;

TEST_CASE("the built-in codecs are found by id and version, and nothing else is") {
    const auto& codecs = Catalogue::built_in();
    REQUIRE(codecs.find("rabbit-siv"));
    CHECK(codecs.find("rabbit-siv")->key_length == 80);
    CHECK(codecs.find("rabbit-siv", 1) == codecs.find("rabbit-siv"));
    CHECK(codecs.find("rabbit-siv", 2) == nullptr);
    REQUIRE(codecs.find("none", 1));
    CHECK(codecs.find("none")->key_length == 0);
    CHECK(codecs.find("") == nullptr);
    CHECK(codecs.find("Rabbit-SIV") == nullptr);
}

TEST_CASE("a catalogue takes a codec once, and only under an id that an envelope can hold") {
    Catalogue codecs;
    const auto create = Catalogue::built_in().find("none")->create;
    CHECK(codecs.add({"mine", 1, 1024, create}));
    CHECK_FALSE(codecs.add({"mine", 2, 0, create}));
    CHECK(codecs.find("mine")->version == 1);
    for (const char* id : {"", "Mine", "mi_ne", "mine ", "012345678901234567890123456789012"}) {
        CHECK_FALSE(codecs.add({id, 1, 0, create}));
    }
    CHECK_FALSE(codecs.add({"long-key", 1, 1025, create}));
    CHECK(codecs.all().size() == 1);
}
