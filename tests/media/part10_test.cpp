#include "gateway/media/part10.hpp"

#include <catch2/catch.hpp>

#include "gateway/media/refused.hpp"
#include "tests/media/part10.hpp"

using namespace portcullis;
using namespace portcullis::media;
using Catch::Contains;

TEST_CASE("the head of a file ends where group 0002 does") {
    Bytes file = test::head(test::explicit_le);
    const auto length = file.size();
    append(file, as_bytes("\x08\x00 and so on"));
    const auto head = read_head(file);
    CHECK(head.length == length);
    CHECK(head.transfer_syntax == test::explicit_le);
    CHECK_FALSE(head.is_directory());
    CHECK(transfer_syntax_of(head).encoding.explicit_vr);
}

TEST_CASE("a DICOMDIR is known by its class") {
    CHECK(read_head(test::head(test::explicit_le, "1.2.840.10008.1.3.10")).is_directory());
}

TEST_CASE("what has no head is no DICOM file") {
    CHECK_THROWS_WITH(read_head({}), Contains("no DICOM file"));
    const Bytes text(1000, 'x');
    CHECK_THROWS_WITH(read_head(text), Contains("no DICOM file"));
    Bytes file = test::head(test::explicit_le);
    file[128] = 'd';
    CHECK_THROWS_WITH(read_head(file), Contains("no DICOM file"));
}

TEST_CASE("a head that is cut anywhere but between two elements is refused") {
    const Bytes file = test::head(test::explicit_le);
    std::size_t taken = 0;
    for (std::size_t size = 0; size < file.size(); ++size) {
        try {
            const auto head = read_head(ByteView(file).first(size));
            ++taken;
            CHECK(head.length <= size);
            CHECK(head.transfer_syntax.empty());
        } catch (const Refused&) {
        }
    }
    CHECK(taken == 4);  // before each of the two elements, with one byte more or without
}

TEST_CASE("a transfer syntax that is missing or not carried is refused by its name") {
    CHECK_THROWS_WITH(transfer_syntax_of(read_head(test::head(""))), Contains("(0002,0010)"));
    CHECK_THROWS_WITH(transfer_syntax_of(read_head(test::head("1.2.840.10008.1.2.4.94"))),
                      Contains("1.2.840.10008.1.2.4.94"));
}
