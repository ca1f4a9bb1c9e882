#include "gateway/image/scan.hpp"

#include <catch2/catch.hpp>

#include "tests/image/build.hpp"
#include "tests/image/compare.hpp"
#include "tests/image/cut.hpp"
#include "tests/image/real_files.hpp"
#include "tests/image/trace.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

/// The trace of a data set that must be good, and the same however it is cut.
std::string trace_of(Encoding encoding, const Bytes& bytes) {
    std::string first;
    for (const std::size_t size : piece_sizes) {
        INFO("pieces of " << size);
        Trace trace;
        Scanner scanner(encoding, trace);
        for_each_piece(bytes, size, [&](ByteView piece) { return scanner.push(piece).has_value(); });
        const bool finished = scanner.finish().has_value();
        INFO(scanner.failure_detail());
        REQUIRE(finished);
        CHECK(difference(trace.bytes, bytes) == "");
        if (first.empty()) first = trace.text;
        CHECK(trace.text == first);
    }
    return first;
}

}  // namespace

TEST_CASE("plain elements in both encodings, with both sizes of length") {
    for (const bool explicit_vr : {false, true}) {
        DataSet data(explicit_vr);
        data.element(0x00080018, "UI", "1.2.3").element(0x00080050, "SH", "");
        data.us(0x00280010, 4).element(0x7FE00010, "OW", Bytes(70'000, 9)).element(0xFFFCFFFC, "OB", "odd");
        CHECK(trace_of({explicit_vr}, data.bytes) ==
              "(0008,0018) plain\n5 bytes\nend\n(0008,0050) plain\nend\n(0028,0010) plain\n2 bytes\nend\n"
              "(7FE0,0010) plain\n70000 bytes\nend\n(FFFC,FFFC) plain\n3 bytes\nend\n");
    }
}

TEST_CASE("an unknown VR has a 32-bit length") {
    DataSet data(true);
    append(data.bytes, Bytes{0x09, 0, 0x10, 0x10, 'Z', 'Z', 0, 0, 2, 0, 0, 0, 'x', 'y'});
    data.us(0x00280010, 4);
    CHECK(trace_of({true}, data.bytes) ==
          "(0009,1010) plain\n2 bytes\nend\n(0028,0010) plain\n2 bytes\nend\n");
}

TEST_CASE("sequences of undefined and of defined length reach the handler as one value") {
    DataSet data(true);
    data.header(0x00081140, "SQ", undefined);
    data.item().element(0x00081155, "UI", "1.2.3.").end_item();
    data.item(14).element(0x00081155, "UI", "1.2.4.").end_sequence();
    data.header(0x00082112, "SQ", 8 + 12 + 8 + 8).item(28).header(0x00081140, "SQ", 16).item(0).item(0);
    data.header(0x00082218, "SQ", 0);
    data.us(0x00280010, 4);
    CHECK(trace_of({true}, data.bytes) ==
          "(0008,1140) sequence\n60 bytes\nend\n(0008,2112) sequence\n36 bytes\nend\n"
          "(0008,2218) sequence\nend\n(0028,0010) plain\n2 bytes\nend\n");
}

TEST_CASE("descending tags inside an item are tolerated") {
    DataSet data(true);
    data.header(0x00081140, "SQ", undefined).item();
    data.element(0x00081155, "UI", "1.").element(0x00081150, "UI", "2.").end_item().end_sequence();
    CHECK(trace_of({true}, data.bytes) == "(0008,1140) sequence\n44 bytes\nend\n");
}

TEST_CASE("a UN of undefined length holds items in Implicit VR, at any depth") {
    DataSet inner(false);
    inner.item().element(0x00081155, "UI", "1.2.3.").header(0x00081140, "SQ", undefined);
    inner.item().us(0x00280010, 4).end_item().end_sequence().end_item().end_sequence();
    DataSet data(true);
    data.header(0x00091001, "UN", undefined);
    append(data.bytes, inner.bytes);
    data.us(0x00280010, 4);
    CHECK(trace_of({true}, data.bytes) == "(0009,1001) sequence\n" + std::to_string(inner.bytes.size()) +
                                              " bytes\nend\n(0028,0010) plain\n2 bytes\nend\n");
}

TEST_CASE("encapsulated pixel data: offset table, fragments, delimitation") {
    DataSet data(true);
    data.header(0x7FE00010, "OB", undefined);
    data.fragment(Bytes(4, 0)).fragment(Bytes(10, 1)).fragment({}).fragment(Bytes(2, 2)).end_sequence();
    data.element(0xFFFCFFFC, "OB", "00");
    CHECK(trace_of({true}, data.bytes) ==
          "(7FE0,0010) fragments\nitem 4\n4 bytes\nend item\nitem 10\n10 bytes\nend item\nitem 0\nend item\n"
          "item 2\n2 bytes\nend item\n8 bytes\nend\n(FFFC,FFFC) plain\n2 bytes\nend\n");
}

TEST_CASE("encapsulated pixel data of an icon is part of the sequence around it") {
    DataSet data(true);
    data.header(0x00880200, "SQ", undefined).item().us(0x00280010, 4).header(0x7FE00010, "OB", undefined);
    data.fragment({}).fragment(Bytes(6, 1)).end_sequence().end_item().end_sequence();
    CHECK(trace_of({true}, data.bytes) == "(0088,0200) sequence\n76 bytes\nend\n");
}

TEST_CASE("an empty data set is one") {
    CHECK(trace_of({true}, {}).empty());
}

TEST_CASE("real files are scanned to their end, and told whole") {
    std::size_t scanned = 0;
    for (const RealFile& file : real_files()) {
        INFO(file.name);
        Trace trace;
        Scanner scanner(file.transfer_syntax.encoding, trace);
        const bool whole = scanner.push(file.data_set).has_value() && scanner.finish().has_value();
        INFO(scanner.failure_detail());
        CHECK(whole != file.broken);
        if (!whole) continue;
        CHECK(difference(trace.bytes, file.data_set) == "");
        if (file.data_set.size() < 100'000)
            CHECK(trace_of(file.transfer_syntax.encoding, file.data_set) == trace.text);
        ++scanned;
    }
    CHECK(scanned > 60);
}
