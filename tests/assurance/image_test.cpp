#include "gateway/assurance/image.hpp"

#include <catch2/catch.hpp>

#include "gateway/assurance/image_file.hpp"
#include "gateway/assurance/pictures.hpp"
#include "tests/assurance/pydicom.hpp"

using namespace portcullis;
using namespace portcullis::assurance;
using Catch::Matchers::Contains;

namespace {

Image read(const std::string& name) {
    INFO(name);
    auto found = read_image(pydicom_file(name));
    REQUIRE(std::holds_alternative<Image>(found));
    return std::get<Image>(found);
}

std::string why_skipped(const std::filesystem::path& path) {
    INFO(path);
    const auto found = read_image(path);
    REQUIRE(std::holds_alternative<Skipped>(found));
    CHECK(std::get<Skipped>(found).path == path);
    return std::get<Skipped>(found).why;
}

}  // namespace

TEST_CASE("Units are cut as the gateway cuts them: by region, numbered on") {
    Image image;
    image.regions = {Bytes(262145), Bytes(), Bytes(7)};
    const auto units = units_of(image);
    REQUIRE(units.size() == 3);
    CHECK(units[0].size == 262144);
    CHECK((units[1].region == 0 && units[1].offset == 262144 && units[1].size == 1 && units[1].number == 1));
    CHECK((units[2].region == 2 && units[2].offset == 0 && units[2].size == 7 && units[2].number == 2));
    CHECK(image.bytes() == 262152);
}

TEST_CASE("Samples are found where their layout puts them") {
    const Bytes bytes = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                         12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 0xFE};
    Layout layout{2, 2, 2, 3, 8};
    auto interleaved = rasters(layout, bytes);
    REQUIRE(interleaved.size() == 6);
    CHECK(interleaved[1].at(1, 0) == 4);
    CHECK(interleaved[5].at(0, 1) == 20);  // second frame, third colour
    layout.planar = true;
    CHECK(rasters(layout, bytes)[1].at(1, 0) == 5);
    const auto words = rasters({2, 2, 1, 1, 16}, bytes);
    CHECK(words[0].at(1, 1) == 0x0706);
    CHECK(rasters({3, 4, 1, 1, 16, true}, bytes)[0].at(2, 3) == -490);  // 0xFE16
    CHECK(rasters({2, 3, 1, 1, 32}, bytes)[0].at(0, 1) == 0x0B0A0908);
    CHECK(rasters({1, 6, 1, 1, 32, true}, bytes)[0].at(0, 5) < 0);
    const auto single = rasters({4, 6, 1, 1, 1}, bytes)[0];  // bits from the least significant on
    CHECK((single.at(0, 2) == 1 && single.at(1, 2) == 0 && single.at(1, 4) == 1));
}

TEST_CASE("Degenerate images are what their names say") {
    const auto images = degenerate_images();
    REQUIRE(images.size() == 6);
    for (const auto& image : images) {
        CHECK(image.bytes() == (image.layout->bits == 8 ? 262144 : 524288));
        Histogram histogram{};
        count(histogram, image.regions[0]);
        const bool white = image.name.find("white") != std::string::npos;
        const bool one = image.name.find("one") != std::string::npos;
        CHECK(histogram[0xFF] == (white ? image.bytes() : 0));
        CHECK(histogram[1] == (one ? 1U : 0U));
    }
}

TEST_CASE("Native pixels are read as one region, without the byte that pads them") {
    const Image ct = read("CT_small.dcm");
    CHECK(ct.native);
    REQUIRE(ct.regions.size() == 1);
    CHECK(ct.bytes() == 32768);
    REQUIRE(ct.layout);
    CHECK((ct.layout->columns == 128 && ct.layout->rows == 128 && ct.layout->bits == 16 &&
           ct.layout->is_signed));
    CHECK(read("MR_small_implicit.dcm").bytes() == 8192);
    CHECK(read("MR_small_padded.dcm").bytes() == 8320);
    CHECK(read("SC_rgb_small_odd.dcm").bytes() == 27);
    CHECK_FALSE(read("SC_ybr_full_422_uncompressed.dcm").layout);  // fewer bytes than three samples a pixel
    CHECK(read("SC_rgb_jpeg_dcmd.dcm").layout->samples == 3);
    CHECK(read("liver_1frame.dcm").layout->bits == 1);
    CHECK(read("image_dfl.dcm").bytes() == 262144);  // deflated
}

TEST_CASE("Compressed pixels are read fragment by fragment, without the offset table") {
    const Image two = read("SC_rgb_rle_2frame.dcm");
    CHECK_FALSE(two.native);
    CHECK_FALSE(two.layout);
    REQUIRE(two.regions.size() == 2);
    for (const auto& fragment : two.regions) CHECK(load_le32(fragment.data()) == 3);  // RLE header: segments
    const Image jpeg = read("JPGExtended.dcm");
    REQUIRE(jpeg.regions.size() == 1);
    CHECK(load_be16(jpeg.regions[0].data()) == 0xFFD8);
}

TEST_CASE("What is not judged says why") {
    CHECK_THAT(why_skipped(pydicom_file("README.txt")), Contains("no DICOM file"));
    CHECK_THAT(why_skipped(pydicom_file("test-SR.dcm")), Contains("no pixels"));
    CHECK_THAT(why_skipped(pydicom_file("ExplVR_BigEnd.dcm")), Contains("1.2.840.10008.1.2.2"));
    CHECK_THAT(why_skipped(pydicom_file("MR_truncated.dcm")), Contains("(7FE0,0010)"));
    CHECK_THAT(why_skipped(pydicom_file("meta_missing_tsyntax.dcm")), Contains("transfer syntax"));
    CHECK_FALSE(why_skipped("/nowhere/at/all").empty());
    CHECK(files_under(pydicom_files()).size() > 150);
}

TEST_CASE(
    "Pictures: a frame is stretched from its least to its greatest sample, bytes are drawn as they are") {
    Bytes words;
    for (std::uint16_t sample = 1000; sample < 1004; ++sample) append_le16(words, sample);
    const auto frame = draw_frame({2, 2, 1, 1, 16}, words);
    REQUIRE(frame);
    CHECK(frame->pixels == Bytes{0, 85, 170, 255});
    CHECK(draw_frame({2, 2, 1, 1, 8}, Bytes{3, 4, 5, 6})->pixels == Bytes{3, 4, 5, 6});
    CHECK_FALSE(draw_frame({2, 2, 1, 1, 32}, Bytes(16)));
    const auto large = draw_frame({1000, 500, 1, 3, 8}, Bytes(1500000));
    CHECK((large->width == 334 && large->height == 167 && large->pixels.size() == 334 * 167 * 3));
    const Picture few = draw_bytes(Bytes{1, 2, 3});
    CHECK((few.width == 3 && few.height == 1 && few.pixels == Bytes{1, 2, 3}));
    Histogram histogram{};
    histogram[2] = 10;
    histogram[3] = 5;
    const Picture bars = draw_histogram(histogram);
    const auto height = [&](std::size_t byte) {
        std::size_t inked = 0;
        for (std::size_t y = 0; y < bars.height; ++y) inked += bars.pixels[y * 256 + byte] < 128;
        return inked;
    };
    CHECK((height(1) == 0 && height(2) == bars.height && height(3) == bars.height / 2));
}
