#include <catch2/catch.hpp>
#include <random>

#include "tests/support/leak.hpp"

using namespace portcullis::judge;

namespace {

Bytes noise(std::size_t size, unsigned seed) {
    std::mt19937 generator(seed);
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(generator());
    return bytes;
}

}  // namespace

TEST_CASE("Independent bytes have no run in common") {
    CHECK_FALSE(common_run(noise(300'000, 1), noise(300'000, 2), 1));
}

TEST_CASE("A run of 16 bytes is found at every offset, a run of 15 is none") {
    const Bytes original = noise(5'000, 1);
    for (std::size_t offset : {0u, 1u, 2u, 3u, 7u, 8u, 13u, 4'984u}) {
        for (std::size_t into : {0u, 5u, 1'000u, 1'984u}) {
            Bytes stored = noise(2'000, 3);
            std::copy_n(original.begin() + static_cast<std::ptrdiff_t>(offset), 16,
                        stored.begin() + static_cast<std::ptrdiff_t>(into));
            const auto match = common_run(original, stored, 1);
            REQUIRE(match);
            CHECK(match->original == offset);
            CHECK(match->stored == into);
            stored[into + 15] ^= 1;
            CHECK_FALSE(common_run(original, stored, 1));
        }
    }
}

TEST_CASE("What stands in readable bytes, too, is no leak") {
    const Bytes original = noise(5'000, 1);
    const Bytes stored(original.begin() + 100, original.begin() + 200);
    CHECK_FALSE(common_run(original, stored, 1, stored));
    CHECK_FALSE(common_run(original, stored, 1, original));
    const auto match = common_run(original, stored, 1, std::span(stored).first(50));
    REQUIRE(match);
    CHECK(match->original == 135);
}

TEST_CASE("Runs of one value are no leak, their edges are") {
    Bytes original(100, 0);
    CHECK_FALSE(common_run(original, Bytes(100, 0), 1));
    original[50] = 7;
    Bytes stored(40, 0);
    CHECK_FALSE(common_run(original, stored, 1));
    stored[39] = 7;
    CHECK(common_run(original, stored, 1));
}

TEST_CASE("One 16-bit value repeated is a run of one value only for 16-bit samples") {
    Bytes bytes;
    for (int i = 0; i < 50; ++i) bytes.insert(bytes.end(), {0xD0, 0x07});
    CHECK_FALSE(common_run(bytes, bytes, 2));
    CHECK(common_run(bytes, bytes, 1));
}

TEST_CASE("Files shorter than a run have none") {
    CHECK_FALSE(common_run(Bytes(15, 1), Bytes(15, 1), 1));
}

TEST_CASE("Every unit must differ, and nearly every byte of a large one") {
    const std::vector<Bytes> original{noise(600'000, 1)};
    CHECK_FALSE(unchanged_unit(original, {noise(600'000, 2)}));
    std::vector<Bytes> last_unit_kept{noise(600'000, 2)};
    std::copy(original[0].begin() + 2 * 262'144, original[0].end(), last_unit_kept[0].begin() + 2 * 262'144);
    CHECK(unchanged_unit(original, last_unit_kept));
    std::vector<Bytes> every_other_byte{noise(600'000, 2)};
    for (std::size_t i = 0; i < 600'000; i += 2) every_other_byte[0][i] = original[0][i];
    CHECK(unchanged_unit(original, every_other_byte));
    CHECK(unchanged_unit(original, {noise(599'998, 2)}));
    CHECK(unchanged_unit(original, {}));
}
