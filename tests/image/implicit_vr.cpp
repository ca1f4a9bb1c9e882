// From Explicit to Implicit VR, for receivers that take nothing else.

#include "gateway/image/implicit_vr.hpp"
#include "gateway/image/error.hpp"
#include "tests/image/transcode.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

/// Sequences in sequences, of both kinds of lengths, with what has another header in Implicit VR.
DataSet nested_of(Encoding encoding, bool defined) {
    DataSet inner(encoding);
    inner.element(0x00080100, "SH", "A ").element(0x00081190, "UR", "urn:x ");
    DataSet outer(encoding);
    outer.element(0x00080104, "LO", "text");
    append(outer.bytes, sequence_of(encoding, 0x00400441, inner.bytes, defined));
    append(outer.bytes, sequence_of(encoding, 0x00400442, {}, defined));
    outer.element(0x00420011, "OB", Bytes(6, 9));
    DataSet data(encoding);
    append(data.bytes, sequence_of(encoding, 0x00081111, outer.bytes, defined));
    data.header(0x00081140, "SQ", 0);
    return data;
}

DataSet object_of(Encoding encoding, bool defined) {
    DataSet data(encoding);
    data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").uid(0x00080018, "1.2.3.4");
    append(data.bytes, nested_of(encoding, defined).bytes);
    data.element(0x00090010, "LO", "ACME").element(0x00091001, "UN", Bytes(8, 3)).us(0x00280010, 2);
    data.us(0x00280011, 2).us(0x00280100, 8).element(0x7FE00010, "OB", Bytes(4, 5));
    data.element(0xFFFCFFFC, "OB", Bytes(2, 0));
    return data;
}

}  // namespace

TEST_CASE("an object in Explicit VR becomes the same in Implicit VR, with sequences of undefined length") {
    DataSet expected = object_of({false}, false);
    const Bytes empty_sequence = {0x08, 0x00, 0x40, 0x11, 0, 0, 0, 0};
    const auto at = std::search(expected.bytes.begin(), expected.bytes.end(), empty_sequence.begin(),
                                empty_sequence.end());
    REQUIRE(at != expected.bytes.end());
    std::fill(at + 4, at + 8, 0xFF);
    DataSet end(false);
    end.end_sequence();
    expected.bytes.insert(at + 8, end.bytes.begin(), end.bytes.end());
    for (const bool defined : {true, false})
        for (const std::size_t piece : piece_sizes) {
            const auto done = transcode(object_of({true}, defined).bytes, explicit_le, implicit_le, piece);
            INFO("pieces of " << piece << ": " << done.detail);
            REQUIRE_FALSE(done.error);
            CHECK(difference(done.bytes, expected.bytes) == "");
        }
}

TEST_CASE("DCMTK reads the same from it as from what it writes in Implicit VR itself") {
    for (const bool defined : {true, false}) {
        const Bytes data = object_of({true}, defined).bytes;
        const auto done = transcode(data, explicit_le, implicit_le);
        REQUIRE_FALSE(done.error);
        CHECK(difference(through_dcmtk(done.bytes, implicit_le, implicit_le, {}, EGL_withoutGL),
                         through_dcmtk(data, explicit_le, implicit_le, {}, EGL_withoutGL)) == "");
    }
}

TEST_CASE("a UN of undefined length is in Implicit VR already; group lengths are not true any more") {
    DataSet item(false);
    item.element(0x00080100, "SH", "A ");
    DataSet data(true), expected(false);
    data.element(0x00080000, "UL", Bytes(4, 1)).uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2");
    data.element(0x00090010, "LO", "ACME").header(0x00091001, "UN", undefined);
    append(data.bytes, item_of({false}, item.bytes, true));
    data.end_sequence();
    expected.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").element(0x00090010, "LO", "ACME");
    append(expected.bytes, sequence_of({false}, 0x00091001, item.bytes, false));
    const auto done = transcode(data.bytes, explicit_le, implicit_le);
    REQUIRE_FALSE(done.error);
    CHECK(difference(done.bytes, expected.bytes) == "");
}

TEST_CASE("what is compressed becomes native in Implicit VR") {
    for (const Kind& kind : {Kind{.rows = 9, .columns = 9, .bits = 8},
                             {.rows = 30, .columns = 40, .samples = 3, .bits = 8, .frames = 3}}) {
        const Bytes native = native_of(kind, smooth(kind));
        const Bytes expected = through_dcmtk(native, explicit_le, implicit_le, {}, EGL_withoutGL);
        for (const auto& from : {rle, jpeg_sv1, jpeg_2000})
            for (const std::size_t piece : piece_sizes) {
                const auto done = transcode(compressed(native, from), from, implicit_le, piece);
                INFO(from.uid.str() << " in pieces of " << piece << ": " << done.detail);
                REQUIRE_FALSE(done.error);
                CHECK(difference(done.bytes, expected) == "");
            }
    }
}

TEST_CASE("what does not decompress on the way to Implicit VR is refused for that") {
    const Kind kind = {.rows = 10, .columns = 20, .bits = 8};
    const auto done = transcode(encapsulated(header_of(kind).bytes, {Bytes(70, 0)}), rle, implicit_le);
    CHECK(done.error == errc::malformed);
    CHECK(done.detail == "frame 1 does not decompress");
}
