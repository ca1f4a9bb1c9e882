#include "gateway/audit/note.hpp"

#include <catch2/catch.hpp>

#include "gateway/audit/checkpoint.hpp"

using namespace portcullis;
using namespace portcullis::audit;

namespace {

// The example of c2sp.org/signed-note.
const std::string key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const std::string note =
    "This is an example message.\n\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

// The example of c2sp.org/tlog-checkpoint.
const std::string checkpoint =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

std::string with(std::string text, const std::string& what, const std::string& instead) {
    return text.replace(text.find(what), what.size(), instead);
}

}  // namespace

TEST_CASE("The example of the specification verifies under its key, by name or as a bare key") {
    const auto known = parse_verifier_key(key);
    REQUIRE(known);
    CHECK(verifier_key(*known) == key);
    const auto parsed = parse_note(note);
    REQUIRE(parsed);
    CHECK(parsed->text == "This is an example message.\n");
    CHECK(verify_note(*parsed, {*known}) == Signed::yes);
    CHECK(verify_note(*parsed, {{"", known->key}}) == Signed::yes);
    CHECK(verify_note(*parsed, {{"example.com/bar", known->key}}) == Signed::not_by_these);
    CHECK(verify_note(*parse_note(with(note, "example m", "excellent m")), {*known}) == Signed::wrong);
    CHECK(verify_note(*parsed, {}) == Signed::not_by_these);
}

TEST_CASE("What is no note, or no key, is not taken for one") {
    for (const auto& text :
         {std::string(), std::string("text\n"), note.substr(0, note.size() - 1), with(note, "\u2014", "-"),
          with(note, "Uw2Q", "Uw2"), with(note, "aQM=", "aQN="), with(note, "example.com/foo", "example+foo"),
          note + note.substr(note.find("\u2014")) + "x"}) {
        INFO(text);
        CHECK_FALSE(parse_note(text));
    }
    std::string many = note;
    for (int i = 0; i < 16; ++i) many += note.substr(note.find("\u2014"));
    CHECK_FALSE(parse_note(many));
    for (const auto& text : {std::string(), std::string("++"), with(key, "530d", "530e"),
                             with(key, "foo", "fo o"), with(key, "+Aek", "+Bek"), key + "\n"}) {
        INFO(text);
        CHECK_FALSE(parse_verifier_key(text));
    }
}

TEST_CASE("The example of a checkpoint is read, and what differs from its form is not") {
    const auto parsed = Checkpoint::parse(checkpoint);
    REQUIRE(parsed);
    CHECK(parsed->origin == "example.com/behind-the-sofa");
    CHECK(parsed->size == 20852163);
    CHECK(base64(parsed->root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
    CHECK(parsed->note == checkpoint);
    for (const auto& text : {with(checkpoint, "20852163", "020852163"), with(checkpoint, "20852163", "-1"),
                             with(checkpoint, "CsUY", "CsU"), with(checkpoint, "q2I=\n", "q2I=\nmore\n"),
                             with(checkpoint, "20852163\n", ""), note}) {
        INFO(text);
        CHECK_FALSE(Checkpoint::parse(text));
    }
}

TEST_CASE("Base64 is strict, of every length") {
    for (std::size_t length = 0; length < 70; ++length) {
        const Bytes bytes(length, static_cast<std::uint8_t>(length * 7));
        CHECK(unbase64(base64(bytes)) == bytes);
    }
    for (const auto* text : {"a", "ab", "abc", "====", "ab=c", "ab==cd==", "a b=", "Zh=="})
        CHECK_FALSE(unbase64(text));
}

TEST_CASE("The origin has no character that the name of a key may not have") {
    CHECK(origin_of("gate-1") == "portcullis/audit/gate-1");
    CHECK(origin_of("gate 1+%") == "portcullis/audit/gate%201%2b%25");
}
