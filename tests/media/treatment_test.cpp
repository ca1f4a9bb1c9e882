#include "gateway/media/treatment.hpp"

#include <catch2/catch.hpp>

#include "gateway/image/regions.hpp"

using namespace portcullis;
using namespace portcullis::media;

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

TEST_CASE("private values are said to be sealed from their least length on") {
    const auto kind = [](std::uint32_t length) {
        return image::region_kind({0x00091001, {'U', 'N'}, length, image::Form::plain});
    };
    CHECK(kind(256));
    CHECK_FALSE(kind(255));
}
