// What an archive compresses losslessly in the tests comes back bit for bit.

#include <catch2/catch.hpp>

#include "tests/support/jpeg2000.hpp"

using namespace portcullis::judge;

namespace {

/// 16 x 16 samples of all values from `least` to `least` + 255: the decoder's stretching to 8 bits only
/// shifts them.
Samples all_of_256(int least, std::uint32_t precision, bool is_signed) {
    Samples samples{16, 16, precision, is_signed, {}};
    for (int i = 0; i < 256; ++i) {
        const auto value = static_cast<std::uint16_t>(least + (i * 77) % 256);
        samples.bytes.push_back(static_cast<std::uint8_t>(value));
        samples.bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    }
    return samples;
}

std::vector<std::uint8_t> expected() {
    std::vector<std::uint8_t> pixels;
    for (int i = 0; i < 256; ++i) pixels.push_back(static_cast<std::uint8_t>((i * 77) % 256));
    return pixels;
}

}  // namespace

TEST_CASE("a JPEG 2000 codestream holds the samples that it was made of") {
    const auto samples =
        GENERATE(all_of_256(0, 16, false), all_of_256(0xFF00, 16, false), all_of_256(1000, 12, false),
                 all_of_256(-128, 16, true), all_of_256(-2048, 12, true));
    const auto picture = decode_jpeg2000(encode_jpeg2000(samples));
    REQUIRE(picture);
    CHECK(picture->width == 16);
    CHECK(picture->height == 16);
    CHECK(picture->pixels == expected());
}

TEST_CASE("of a sample only the bits that count are kept") {
    auto samples = all_of_256(0, 12, false);
    for (std::size_t i = 1; i < samples.bytes.size(); i += 2) samples.bytes[i] |= 0xF0;
    const auto picture = decode_jpeg2000(encode_jpeg2000(samples));
    REQUIRE(picture);
    CHECK(picture->pixels == expected());
}

TEST_CASE("fewer samples than the size says are not encoded") {
    auto samples = all_of_256(0, 16, false);
    samples.bytes.pop_back();
    CHECK_THROWS_AS(encode_jpeg2000(samples), std::runtime_error);
}
