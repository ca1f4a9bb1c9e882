#include "gateway/scu/identifier.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;
using namespace portcullis::scu;

TEST_CASE("an Identifier is Implicit VR Little Endian, ascending, of even values") {
    const auto written = write_identifier({{0x0020000D, "1.2.3"}, {0x00080052, "STUDY"}, {0x00100020, ""}});
    const std::string expected(
        "\x08\0\x52\0\x06\0\0\0STUDY \x10\0\x20\0\0\0\0\0\x20\0\x0D\0\x06\0\0\0"
        "1.2.3\0",
        36);
    CHECK(as_text(written) == expected);
}

TEST_CASE("what is written is read") {
    const Keys keys = {{0x00080052, "IMAGE"}, {0x00100020, "A^B"}, {0x0020000D, "2.25.7"}};
    const auto read = read_identifier(write_identifier(keys));
    REQUIRE(read.has_value());
    CHECK(*read == keys);
}

TEST_CASE("what is cut off is an error") {
    auto written = write_identifier({{0x00080052, "IMAGE"}});
    written.pop_back();
    CHECK_FALSE(read_identifier(written).has_value());
}
