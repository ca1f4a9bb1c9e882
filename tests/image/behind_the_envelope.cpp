// What stands behind the place of the envelope, sealed or not, and objects with nothing to seal.

#include <catch2/catch.hpp>

#include "tests/image/objects.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

constexpr std::size_t spilling = 1'500'000;  // bytes, more than are held in memory

DataSet head(Encoding encoding, bool pixels) {
    DataSet data(encoding);
    data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").uid(0x00080018, "1.2.3.4");
    data.uid(0x0020000D, "1.2.8").element(0x00204000, "LT", "seen ");
    if (!pixels) return data;
    data.us(0x00280010, 4).us(0x00280011, 4).us(0x00280100, 16).us(0x00280101, 12).us(0x00280102, 11);
    data.element(0x7FE00010, "OW", noise(32, 9));
    return data;
}

void check_round_trip(const TransferSyntax& syntax, const Bytes& object, std::size_t regions) {
    Gate gate;
    gate.mark = true;
    for (const std::size_t piece : {uncut, std::size_t{4096}, std::size_t{0}}) {
        const auto sealed = gate.seal(syntax, object, piece);
        INFO(syntax.uid.str() << ", pieces of " << piece << ": " << sealed.detail);
        REQUIRE_FALSE(sealed.error);
        CHECK(sealed.sealed.regions == regions);
        const auto opened = gate.open(syntax, sealed.bytes, {sealed.sealed.envelope}, piece);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(difference(opened.bytes, object) == "");
    }
}

void check_passes(const TransferSyntax& syntax, const Bytes& object) {
    for (const std::size_t piece : piece_sizes) {
        Gate gate;
        gate.mark = true;
        const auto sealed = gate.seal(syntax, object, piece);
        INFO(syntax.uid.str() << ", pieces of " << piece << ": " << sealed.detail);
        REQUIRE_FALSE(sealed.error);
        CHECK(sealed.sealed.nothing_to_seal);
        CHECK(difference(sealed.bytes, object) == "");
    }
}

}  // namespace

TEST_CASE("regions behind the place of the envelope, with and without pixels before it") {
    const bool pixels = GENERATE(true, false);
    for (const TransferSyntax& syntax : {implicit_le, explicit_le, explicit_be}) {
        DataSet data = head(syntax.encoding, pixels);
        data.element(0x7FE10010, "LO", "ACME").element(0x7FE11001, "OB", noise(spilling));
        data.element(0x7FE11002, "OB", noise(20, 2)).element(0x7FE1FF02, "OW", noise(300, 3));
        data.element(0x7FE30010, "LO", "ACME").element(0x7FE31001, "OF", noise(spilling, 4));
        append(data.bytes,
               sequence_of(syntax.encoding, 0xFFFAFFFA,
                           DataSet(syntax.encoding).element(0x04000115, "OB", noise(9)).bytes, false));
        data.element(0xFFFCFFFC, "OB", noise(spilling, 5));
        check_round_trip(syntax, data.bytes, pixels ? 4 : 3);
    }
}

TEST_CASE("a single region behind the place of the envelope") {
    const std::uint32_t tag = GENERATE(0x7FE31001u, 0x7FE11001u, 0x99991001u);
    DataSet data = head({true}, false);
    data.element(0x00280301, "CS", "NO").element(0x00291001, "UT", std::string(spilling, 'x'));
    data.element(tag, "OB", noise(300));
    check_round_trip(explicit_le, data.bytes, 1);
}

TEST_CASE("a region in a sequence behind the place of the envelope") {
    for (const TransferSyntax& syntax : {implicit_le, explicit_le, explicit_be}) {
        DataSet data = head(syntax.encoding, false);
        append(data.bytes,
               sequence_of(syntax.encoding, 0x7FE31001,
                           DataSet(syntax.encoding).element(0x7FE00010, "OB", noise(9)).bytes, true));
        check_round_trip(syntax, data.bytes, 1);
    }
}

TEST_CASE("elements that are no one's, before the creators of the group of the envelope") {
    for (const TransferSyntax& syntax : {implicit_le, explicit_le, explicit_be}) {
        const auto with = [&](bool pixels) {
            DataSet data = head(syntax.encoding, pixels);
            data.element(0x7FE10005, "LO", "mine").element(0x7FE10010, "LO", "ACME");
            return data.element(0x7FE11001, "LO", "kept").bytes;
        };
        check_round_trip(syntax, with(true), 1);
        check_passes(syntax, with(false));
    }
}

TEST_CASE("what has nothing to seal passes byte for byte") {
    for (const TransferSyntax& syntax : {implicit_le, explicit_le, explicit_be, jpeg}) {
        DataSet data(syntax.encoding);
        data.uid(0x00080018, "1.2.3.4")
            .element(0x00090010, "LO", "ACME")
            .element(0x00091001, "OB", noise(200));
        data.element(0x00200000, "UL", Bytes{9, 9, 9, 9}).uid(0x0020000D, "1.2");
        data.element(0x00204000, "LT", "mine").element(0x00280301, "CS", "NO");
        append(data.bytes,
               sequence_of(syntax.encoding, 0x0040A730,
                           DataSet(syntax.encoding).element(0x0040A160, "UT", "a report").bytes, false));
        data.element(0x7FE10000, "UL", Bytes{9, 9, 9, 9}).element(0x7FE10010, "LO", "ACME");
        data.element(0x7FE11001, "OB", noise(100)).element(0x7FE1FE01, "OB", noise(50));
        append(data.bytes, sequence_of(syntax.encoding, 0xFFFAFFFA, {}, false));
        data.element(0xFFFCFFFC, "OB", noise(3000, 5));
        check_passes(syntax, data.bytes);
    }
    check_passes(explicit_le, {});
}

TEST_CASE("what has nothing to seal passes, however long it is") {
    DataSet data = head({true}, false);
    data.element(0x00291001, "UT", std::string(spilling, 'x'));
    data.element(0x7FE10010, "LO", "ACME").element(0x7FE11001, "UT", std::string(spilling, 'y'));
    data.element(0xFFFCFFFC, "OB", noise(spilling, 5));
    check_passes(explicit_le, data.bytes);
}
