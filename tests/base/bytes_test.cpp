#include "gateway/base/bytes.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;

TEST_CASE("integers are written in the byte order that is asked for, and read back") {
    Bytes out;
    append_u8(out, 0x01);
    append_be16(out, 0x0203);
    append_be32(out, 0x04050607);
    append_le16(out, 0x0908);
    append_le32(out, 0x0d0c0b0a);
    const Bytes expected = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    REQUIRE(out == expected);
    CHECK(load_be16(out.data() + 1) == 0x0203);
    CHECK(load_be32(out.data() + 3) == 0x04050607);
    CHECK(load_le16(out.data() + 7) == 0x0908);
    CHECK(load_le32(out.data() + 9) == 0x0d0c0b0a);
}

TEST_CASE("the highest bit of a loaded integer is not a sign") {
    const Bytes ones(4, 0xff);
    CHECK(load_be16(ones.data()) == 0xffff);
    CHECK(load_le16(ones.data()) == 0xffff);
    CHECK(load_be32(ones.data()) == 0xffffffff);
    CHECK(load_le32(ones.data()) == 0xffffffff);
}

TEST_CASE("an integer is stored over bytes that are there") {
    Bytes bytes(8, 0xee);
    store_be16(bytes.data() + 1, 0x0102);
    store_be32(bytes.data() + 4, 0x03040506);
    const Bytes expected = {0xee, 1, 2, 0xee, 3, 4, 5, 6};
    CHECK(bytes == expected);
}

TEST_CASE("text and bytes are two views of the same") {
    CHECK(as_text(as_bytes("PACS")) == "PACS");
    CHECK(as_bytes("A\0B").size() == 1);
    CHECK(as_bytes({"A\0B", 3}).size() == 3);
}

TEST_CASE("a collector keeps everything in order") {
    ByteCollector collector;
    collector.write(as_bytes("one"));
    collector.write({});
    collector.write(as_bytes("two"));
    CHECK(as_text(collector.collected) == "onetwo");
}
