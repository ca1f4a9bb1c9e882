// Bytes that are no data set, each with its answer.

#include <catch2/catch.hpp>

#include "tests/image/build.hpp"
#include "tests/image/cut.hpp"
#include "tests/image/trace.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

/// The error that the scanner answers with, the same however the bytes are cut; none: success.
ErrorCode answer(bool explicit_vr, const Bytes& bytes, ScanLimits limits = {}) {
    ErrorCode first;
    for (const std::size_t size : piece_sizes) {
        Trace trace;
        Scanner scanner(Encoding{explicit_vr}, trace, limits);
        for_each_piece(bytes, size, [&](ByteView piece) { return scanner.push(piece).has_value(); });
        const auto finished = scanner.finish();
        const ErrorCode error = finished ? ErrorCode{} : finished.error();
        CHECK(scanner.failure_detail().empty() == !error);
        if (size == piece_sizes.front()) first = error;
        CHECK(error == first);
    }
    return first;
}

DataSet nested(std::size_t depth, bool explicit_vr, bool defined) {
    DataSet data(explicit_vr);
    auto left = static_cast<std::uint32_t>(depth);
    for (; left > 0; --left) {
        const std::uint32_t around = (left - 1) * (explicit_vr ? 20 : 16);
        data.header(0x00081140, "SQ", defined ? around + 8 : undefined).item(defined ? around : undefined);
    }
    for (; !defined && left < depth; ++left) data.end_item().end_sequence();
    return data;
}

}  // namespace

TEST_CASE("a data set that is cut anywhere is malformed") {
    DataSet data(true);
    data.element(0x00080018, "UI", "1.2.3.").header(0x00081140, "SQ", undefined).item(14);
    data.element(0x00081155, "UI", "1.2.4.").end_sequence().header(0x7FE00010, "OB", undefined);
    data.fragment({}).fragment(Bytes(4, 1)).end_sequence();
    REQUIRE_FALSE(answer(true, data.bytes));
    const std::size_t after_first = 14, after_sequence = 14 + 12 + 8 + 14 + 8;
    for (std::size_t end = 1; end < data.bytes.size(); ++end) {
        INFO("cut at " << end);
        const Bytes cut(data.bytes.begin(), data.bytes.begin() + static_cast<std::ptrdiff_t>(end));
        const bool between_elements = end == after_first || end == after_sequence;
        CHECK((answer(true, cut) == errc::malformed) == !between_elements);
    }
}

TEST_CASE("a length of 0xFFFFFFFE does not end, and nothing is allocated for it") {
    DataSet data(false);
    data.header(0x00091001, "UN", 0xFFFFFFFE);
    append(data.bytes, Bytes(1000, 0));
    CHECK(answer(false, data.bytes) == errc::malformed);
}

TEST_CASE("undefined length is for sequences, UN and Pixel Data") {
    const auto vr = GENERATE("UT", "UC", "OB", "OW", "OF");
    INFO(vr);
    CHECK(answer(true, DataSet(true).header(0x00091001, vr, undefined).end_sequence().bytes) ==
          errc::malformed);
}

TEST_CASE("a 16-bit length of 65535 is not an undefined one") {
    CHECK(answer(true, DataSet(true).header(0x00280010, "US", 0xFFFF).item().bytes) == errc::malformed);
}

TEST_CASE("top-level tags that descend or occur twice are refused") {
    DataSet descending(true);
    descending.us(0x00280011, 1).us(0x00280010, 1);
    CHECK(answer(true, descending.bytes) == errc::malformed);
    DataSet twice(true);
    twice.us(0x00280010, 1).us(0x00280010, 1);
    CHECK(answer(true, twice.bytes) == errc::malformed);
}

TEST_CASE("Pixel Data twice") {
    DataSet data(true);
    data.element(0x7FE00010, "OW", "ab").element(0x7FE00010, "OW", "ab");
    CHECK(answer(true, data.bytes) == errc::duplicate_pixel_data);
}

TEST_CASE("nested 2,000 deep is refused, 256 deep is not, whatever the lengths") {
    for (const bool explicit_vr : {false, true}) {
        CHECK(answer(explicit_vr, nested(2000, explicit_vr, false).bytes) == errc::too_deep);
        CHECK(answer(explicit_vr, nested(257, explicit_vr, false).bytes) == errc::too_deep);
        CHECK_FALSE(answer(explicit_vr, nested(256, explicit_vr, false).bytes));
    }
    CHECK(answer(true, nested(2000, true, true).bytes) == errc::too_deep);
    CHECK_FALSE(answer(true, nested(256, true, true).bytes));
}

TEST_CASE("more elements than the limit") {
    DataSet data(true);
    data.header(0x00081140, "SQ", undefined);
    for (int i = 0; i < 9; ++i) data.item(0);
    data.end_sequence();
    CHECK_FALSE(answer(true, data.bytes, {.depth = 256, .elements = 11}));
    CHECK(answer(true, data.bytes, {.depth = 256, .elements = 10}) == errc::too_many_elements);
}

TEST_CASE("lengths that reach past what is around them") {
    SECTION("item past its sequence") {
        CHECK(answer(true, DataSet(true).header(0x00081140, "SQ", 20).item(14).us(0x00280010, 1).bytes) ==
              errc::malformed);
    }
    SECTION("element past its item") {
        DataSet data(true);
        data.header(0x00081140, "SQ", undefined).item(10).element(0x00081155, "UI", "1.2.3.");
        CHECK(answer(true, data.bytes) == errc::malformed);
    }
    SECTION("header past its item") {
        DataSet data(true);
        data.header(0x00081140, "SQ", undefined).item(4).us(0x00280010, 1);
        CHECK(answer(true, data.bytes) == errc::malformed);
    }
    SECTION("sequence of undefined length that its item ends") {
        DataSet data(true);
        data.header(0x00081140, "SQ", undefined).item(12).header(0x00081140, "SQ", undefined);
        data.item(0).end_sequence().end_sequence();
        CHECK(answer(true, data.bytes) == errc::malformed);
    }
}

TEST_CASE("items and delimitations where none belong") {
    const std::vector<Bytes> wrong = {
        DataSet(true).item(0).bytes,
        DataSet(true).end_item().bytes,
        DataSet(true).end_sequence().bytes,
        DataSet(true).header(0x00081140, "SQ", undefined).end_item().bytes,
        DataSet(true).header(0x00081140, "SQ", undefined).item().end_sequence().bytes,
        DataSet(true).header(0x00081140, "SQ", undefined).us(0x00280010, 1).bytes,
        DataSet(true).header(0x00081140, "SQ", undefined).item().item(0).bytes,
        DataSet(true).header(0x00081140, "SQ", undefined).item(8).end_item().end_sequence().bytes,
        DataSet(true).header(0x00081140, "SQ", undefined).marker(0xFFFEE0DD, 4).us(0x00280010, 1).bytes,
        DataSet(true).header(0x7FE00010, "OB", undefined).item().end_item().end_sequence().bytes,
        DataSet(true).header(0x7FE00010, "OB", undefined).us(0x00280010, 1).end_sequence().bytes};
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        INFO("number " << i);
        CHECK(answer(true, wrong[i]) == errc::malformed);
    }
}

TEST_CASE("one encoding labelled as the other") {
    DataSet implicit(false), explicit_vr(true);
    for (DataSet* data : {&implicit, &explicit_vr})
        data->element(0x00080016, "UI", "1.2.3.").us(0x00280010, 1).element(0x7FE00010, "OW", "pixels");
    CHECK(answer(true, implicit.bytes) == errc::malformed);
    CHECK(answer(false, explicit_vr.bytes) == errc::malformed);
}
