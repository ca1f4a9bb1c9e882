#include "gateway/media/treatment.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "gateway/image/regions.hpp"
#include "gateway/image/tags.hpp"

using namespace portcullis;
using namespace portcullis::media;
namespace tag = portcullis::image::tag;

TEST_CASE("what is said to be sealed is what sealing takes for regions") {
    std::size_t sealed = 0;
    for (const auto& treatment : treatments())
        for (const auto tag : treatment.tags) {
            INFO(treatment.what << ": " << std::hex << tag);
            const image::Element element{tag, {'O', 'B'}, 1000, image::Form::plain};
            CHECK(image::region_kind(element).has_value() == (treatment.fate == Fate::sealed));
            sealed += treatment.fate == Fate::sealed ? 1 : 0;
        }
    CHECK(sealed == 9);
}

TEST_CASE("what a configuration says about it is told, too") {
    const RegionRules rules{{{0x00181000}, {}}, {{tag::overlay_data}, {"ACME"}}};
    const auto all = treatments(false, rules);
    const auto told = [&](Fate fate, const std::string& words, std::vector<std::uint32_t> tags) {
        return std::any_of(all.begin(), all.end(), [&](const Treatment& one) {
            return one.fate == fate && one.what.find(words) != std::string::npos && one.tags == tags;
        });
    };
    CHECK(told(Fate::sealed, "seal.regions.also", {0x00181000}));
    CHECK(told(Fate::readable, "seal.regions.never", {tag::overlay_data}));
    CHECK(told(Fate::readable, "ACME", {}));
    CHECK(treatments().size() + 2 == all.size());  // no mark
}

TEST_CASE("private values are said to be sealed from their least length on") {
    const auto kind = [](std::uint32_t length) {
        return image::region_kind({0x00091001, {'U', 'N'}, length, image::Form::plain});
    };
    CHECK(kind(256));
    CHECK_FALSE(kind(255));
}
