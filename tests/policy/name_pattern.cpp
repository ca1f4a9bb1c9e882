// Names of institutions: as archives pad and write them, and parts of them.

#include "gateway/policy/name_pattern.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::policy;

namespace {

bool matches(std::string_view pattern, std::string_view name) {
    return NamePattern::parse(pattern).value().matches(name);
}

}  // namespace

TEST_CASE("A name is the same with other padding and in other case, and else not") {
    for (const auto name : {"St Elsewhere", "ST ELSEWHERE", "st elsewhere ", " St Elsewhere  "})
        CHECK(matches("St Elsewhere", name));
    CHECK(matches("St Elsewhere", std::string_view("St Elsewhere\0", 13)));
    for (const auto name :
         {"", "St  Elsewhere", "St Elsewhere 2", "The St Elsewhere", "StElsewhere", "St Elsewher"})
        CHECK_FALSE(matches("St Elsewhere", name));
}

TEST_CASE("An asterisk stands for anything at that end, and for nothing") {
    CHECK(matches("Radiology*", "radiology"));
    CHECK(matches("Radiology*", "Radiology II"));
    CHECK_FALSE(matches("Radiology*", "My Radiology"));
    CHECK(matches("*Clinic", "City Clinic "));
    CHECK(matches("*Clinic", "clinic"));
    CHECK_FALSE(matches("*Clinic", "Clinic 2"));
    CHECK(matches("*lab*", "The Phantom LAB 3"));
    CHECK_FALSE(matches("*lab*", "la b"));
    CHECK(matches("Radiology *", "Radiology II"));
    CHECK_FALSE(matches("Radiology *", "RadiologyII"));
}

TEST_CASE("Letters that are not ASCII are the bytes that they are") {
    CHECK(matches("Universit\xC3\xA4t", "universit\xC3\xA4t"));
    CHECK_FALSE(matches("Universit\xC3\xA4t", "universit\xC3\x84t"));  // the capital letter
    CHECK_FALSE(matches("Universit\xC3\xA4t", "universit\xE4t"));      // in ISO 8859-1
}

TEST_CASE("What leaves no name is none") {
    for (const char* text : {"", " ", "*", "**", "* *", "a*b", "*a*b*", "a**"})
        CHECK_FALSE(NamePattern::parse(text));
}
