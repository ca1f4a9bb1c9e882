// Objects that must be refused, each under its one name (tests/vectors/codec/README.md).
#include <catch2/catch.hpp>
#include <set>

#include "tests/codec/vector_file.hpp"

using namespace portcullis;
using namespace portcullis::codec;
using test::bytes;
using test::Json;

namespace {

ByteVector envelope_of(const Json& object) {
    if (object.contains("envelope")) return bytes(object, "envelope");
    const auto& recipe = object.at("envelope_recipe");
    auto envelope = bytes(recipe, "prefix");
    envelope.insert(envelope.end(), recipe.at("times").get<std::size_t>(),
                    recipe.at("repeated_byte").get<std::uint8_t>());
    return envelope;
}

std::vector<test::ReturnedRegion> regions_of(const Json& object) {
    std::vector<test::ReturnedRegion> regions;
    for (const auto& one : object.at("regions")) {
        regions.push_back({test::region_of(one), bytes(one, "sealed")});
    }
    return regions;
}

}  // namespace

TEST_CASE("every refusal has its name") {
    const Json file = test::read_vectors("refusals.json");
    std::set<std::string> seen;
    for (const auto& object : file.at("refusals")) {
        INFO(object.at("name"));
        const auto opened = test::open_whole(object, envelope_of(object), regions_of(object));
        REQUIRE_FALSE(opened);
        CHECK(name(opened.failure()) == object.at("failure"));
        seen.insert(std::string(name(opened.failure())));
    }
    for (const char* failure : {"malformed", "unknown_version", "over_limit", "unsupported_mode",
                                "codec_not_allowed", "no_key", "no_study_secret", "bad_commitment", "bad_mac",
                                "bad_signature", "unknown_signer", "bad_context", "bad_tag", "bad_count"}) {
        INFO(failure);
        CHECK(seen.count(failure) == 1);
    }
}
