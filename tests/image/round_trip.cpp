// Seal, open, compare: real files and small ones, however they are cut.

#include <catch2/catch.hpp>

#include "tests/image/gate.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/pixels.hpp"
#include "tests/image/real_files.hpp"
#include "tests/support/leak.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

/// Only the length of group 7FE1 may be lost. Says what differs.
void check_round_trip(Gate& gate, const TransferSyntax& transfer_syntax, const Bytes& object,
                      std::size_t piece) {
    INFO("pieces of " << piece);
    const auto sealed = gate.seal(transfer_syntax, object, piece);
    INFO(sealed.detail);
    REQUIRE_FALSE(sealed.error);
    if (sealed.sealed.nothing_to_seal) {
        CHECK(difference(sealed.bytes, object) == "");
        return;
    }
    const auto opened = gate.open(transfer_syntax, sealed.bytes, {sealed.sealed.envelope}, piece);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(difference(opened.bytes, object) == "");
    CHECK(opened.released == (sealed.sealed.units > 0));
    CHECK(opened.opened.id == sealed.sealed.id);
    CHECK(opened.opened.units == sealed.sealed.units);
    CHECK_FALSE(opened.opened.superseded);
    CHECK(opened.opened.differing.empty());
    CHECK(opened.opened.identifiers.sop_instance == sealed.sealed.identifiers.sop_instance);
}

/// No run of 16 bytes of an original value that is sealed is left in any sealed one.
void check_no_leak(const RealFile& file, const Bytes& sealed) {
    Bytes sealed_values;
    for (const Range range : pixel_ranges(file.transfer_syntax.encoding, sealed))
        append(sealed_values, ByteView(sealed).subspan(range.offset, range.length));
    for (const Range range : pixel_ranges(file.transfer_syntax.encoding, file.data_set)) {
        const auto pixels = ByteView(file.data_set).subspan(range.offset, range.length);
        const auto match = judge::common_run(pixels, sealed_values, 1);
        INFO("value at " << range.offset << ", match at " << (match ? match->original : 0));
        CHECK_FALSE(match);
    }
}

/// As a scanner names it in the command: by the data set. Reading it changes nothing.
codec::ObjectIdentity identity_of(const RealFile& file) {
    const auto reader = make_reader(file.transfer_syntax);
    ByteCollector out;
    const bool whole = reader->push(file.data_set, out).has_value() && reader->finish().has_value();
    CHECK(whole != file.broken);
    if (!file.broken) CHECK(difference(out.collected, file.data_set) == "");
    const Identifiers& read = reader->identifiers();
    return {"st-elsewhere", read.sop_class ? read.sop_class->str() : "",
            read.sop_instance ? read.sop_instance->str() : ""};
}

}  // namespace

TEST_CASE("every real file comes back byte for byte, and its pixels are gone in between") {
    std::size_t sealed_files = 0;
    for (const RealFile& file : real_files()) {
        INFO(file.name);
        Gate gate;
        gate.mark = true;
        gate.identity = identity_of(file);
        if (const auto sealed = gate.seal(file.transfer_syntax, file.data_set); file.broken) {
            CHECK(sealed.error);
            continue;
        } else if (!sealed.sealed.nothing_to_seal) {
            check_no_leak(file, sealed.bytes);
            ++sealed_files;
        }
        check_round_trip(gate, file.transfer_syntax, file.data_set, uncut);
        check_round_trip(gate, file.transfer_syntax, file.data_set, 4096);
        check_round_trip(gate, file.transfer_syntax, file.data_set, 0);
        if (file.data_set.size() > 100'000) continue;
        for (const std::size_t piece : {1, 2, 3, 7})
            check_round_trip(gate, file.transfer_syntax, file.data_set, piece);
    }
    CHECK(sealed_files > 45);
}

TEST_CASE("several units, in pieces of every size") {
    Gate gate;
    for (const std::size_t piece : piece_sizes) {
        check_round_trip(gate, explicit_le, native_image(true).bytes, piece);
        check_round_trip(gate, implicit_le, native_image(false).bytes, piece);
        check_round_trip(gate, jpeg, encapsulated_image().bytes, piece);
    }
}

TEST_CASE("pixels whose number is not what the attributes say") {
    Gate gate;
    const std::size_t length = GENERATE(0u, 1u, 2u, 127u, 128u, 129u, 130u, 1000u);
    DataSet data = image_header(true, 8, 8);
    data.element(0x7FE00010, "OW", noise(length));
    check_round_trip(gate, explicit_le, data.bytes, 3);
}

TEST_CASE("attributes of no use for counting pixels") {
    Gate gate;
    DataSet data(true);
    data.uid(0x00080018, "1.2.3.4").us(0x00280002, 0xFFFF);
    data.element(0x00280008, "IS", GENERATE("-1", "2147483648", "99999999999999999999", "two ", "", "0 "));
    data.us(0x00280010, 0xFFFF).element(0x00280011, "US", GENERATE("", "\xFF\xFF", "1234"));
    data.us(0x00280100, 0xFFFF).element(0x7FE00010, "OW", noise(100));
    check_round_trip(gate, explicit_le, data.bytes, 7);
}

TEST_CASE("attributes that make no pixels leave none in the clear") {
    Gate gate;
    const auto* vr = GENERATE("OB", "OW");
    const auto [rows, columns] = GENERATE(table<std::uint16_t, std::uint16_t>({{0, 512}, {512, 0}, {0, 0}}));
    const Bytes pixels = noise(3002);
    DataSet data = image_header(true, rows, columns);
    data.element(0x7FE00010, vr, pixels);
    const auto sealed = gate.seal(explicit_le, data.bytes);
    REQUIRE_FALSE(sealed.error);
    const ByteView in_place =
        ByteView(sealed.bytes).subspan(data.bytes.size() - pixels.size(), pixels.size());
    CHECK_FALSE(judge::common_run(pixels, in_place, 1));
    for (const std::size_t piece : piece_sizes) check_round_trip(gate, explicit_le, data.bytes, piece);
}

TEST_CASE("offset tables pass as they are, both of them, and such as contradict each other") {
    Gate gate;
    const Bytes agree(16, 0), contradict(16, 0xFE);
    for (const Bytes& extended : {agree, contradict}) {
        DataSet data = image_header(true, 8, 8);
        data.element(0x7FE00001, "OV", extended).element(0x7FE00002, "OV", extended);
        data.header(0x7FE00010, "OB", undefined).fragment(Bytes(8, 0));
        data.fragment(noise(500)).fragment(noise(600)).end_sequence();
        for (const std::size_t piece : piece_sizes) check_round_trip(gate, jpeg, data.bytes, piece);
    }
}

TEST_CASE("an object with vendors' blocks around ours, and what follows the group") {
    Gate gate;
    for (const bool explicit_vr : {false, true}) {
        DataSet data = native_image(explicit_vr);
        data.element(0x7FE10010, "LO", "GEMS_Ultrasound_MovieGroup_001").element(0x7FE100FE, "LO", "OTHER ");
        data.element(0x7FE11001, "OB", noise(5000)).element(0x7FE1FE01, "OB", noise(50));
        data.element(0x7FE1FFFF, "OB", "orphan").element(0xFFFCFFFC, "OB", Bytes(100, 0));
        for (const std::size_t piece : piece_sizes)
            check_round_trip(gate, explicit_vr ? explicit_le : implicit_le, data.bytes, piece);
    }
}

TEST_CASE("an object that is sealed already is sealed again, and opens layer by layer") {
    Gate gate;
    const Bytes object = native_image(true).bytes;
    const auto inner = gate.seal(explicit_le, object);
    const auto outer = gate.seal(explicit_le, inner.bytes);
    REQUIRE_FALSE(outer.error);
    const auto once = gate.open(explicit_le, outer.bytes, {outer.sealed.envelope}, 7);
    REQUIRE_FALSE(once.error);
    CHECK(difference(once.bytes, inner.bytes) == "");
    const auto twice = gate.open(explicit_le, once.bytes, {inner.sealed.envelope}, 7);
    REQUIRE_FALSE(twice.error);
    CHECK(difference(twice.bytes, object) == "");
}

TEST_CASE("empty fragments only") {
    Gate gate;
    DataSet data = image_header(true, 8, 8);
    data.header(0x7FE00010, "OB", undefined).fragment({}).fragment({}).fragment({}).end_sequence();
    const auto sealed = gate.seal(jpeg, data.bytes);
    REQUIRE_FALSE(sealed.error);
    for (const std::size_t piece : piece_sizes) {
        const auto opened =
            gate.open(jpeg, sealed.bytes, {sealed.sealed.envelope, sealed.sealed.envelope}, piece);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(difference(opened.bytes, data.bytes) == "");
        CHECK_FALSE(opened.released);  // only finish() can say
    }
}

TEST_CASE("an empty value in a transfer syntax that archives compress to") {
    Gate gate;
    const auto rle = syntax("1.2.840.10008.1.2.5");
    const Bytes object = image_header(true, 8, 8).element(0x7FE00010, "OB", "").bytes;
    const auto sealed = gate.seal(rle, object);
    REQUIRE_FALSE(sealed.error);
    const auto opened = gate.open(rle, sealed.bytes, {sealed.sealed.envelope}, 7);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(difference(opened.bytes, object) == "");
}

TEST_CASE("an offset table alone is nothing to seal") {
    Gate gate;
    DataSet data = image_header(true, 8, 8);
    data.header(0x7FE00010, "OB", undefined).fragment({}).end_sequence();
    const auto sealed = gate.seal(jpeg, data.bytes);
    REQUIRE_FALSE(sealed.error);
    CHECK(sealed.sealed.nothing_to_seal);
    CHECK(difference(sealed.bytes, data.bytes) == "");
}
