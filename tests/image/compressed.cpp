// Archives that compress losslessly what was sealed native, and return it so.

#include "gateway/image/error.hpp"
#include "gateway/image/recode.hpp"
#include "tests/image/check_opens.hpp"
#include "tests/image/compress.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const std::vector<Kind> kinds = {
    {},
    {.rows = 7, .columns = 5, .bits = 8, .frames = 3},
    {.rows = 30, .columns = 40, .frames = 12},
    {.rows = 17, .columns = 33, .is_signed = true},
    {.rows = 300, .columns = 700, .frames = 2},
    {.rows = 16, .columns = 16, .samples = 3, .bits = 8},
    {.rows = 16, .columns = 18, .samples = 3, .bits = 8, .planar = 1},
    {.rows = 200, .columns = 300, .samples = 3, .bits = 8, .frames = 3, .planar = 1},
    {.rows = 9, .columns = 11, .samples = 3, .bits = 16, .frames = 2, .planar = 1},
};

std::string name_of(const Kind& kind) {
    return std::to_string(kind.rows) + "x" + std::to_string(kind.columns) + "x" +
           std::to_string(kind.samples) + ", " + std::to_string(kind.bits) + " bits, " +
           std::to_string(kind.frames) + " frames, planar " + std::to_string(kind.planar);
}

struct Compressed {
    Bytes original, returned, envelope;
};

Compressed compress_sealed(Gate& gate, const Kind& kind, const TransferSyntax& to) {
    const Bytes original = native_of(kind);
    const auto sealed = gate.seal(explicit_le, original);
    REQUIRE_FALSE(sealed.error);
    return {original, compressed(sealed.bytes, to), sealed.sealed.envelope};
}

void check_opens(Gate& gate, const TransferSyntax& to, const Compressed& object) {
    for (const std::size_t piece : piece_sizes) {
        if (piece != 0 && piece < 4096 && object.returned.size() > 100'000) continue;
        const auto opened = gate.open(to, object.returned, {object.envelope}, piece);
        INFO("pieces of " << piece << ": " << opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(opened.opened.edited.empty());
        CHECK(difference(opened.bytes, object.original) == "");
    }
}

}  // namespace

TEST_CASE("what an archive compressed by RLE, JPEG or JPEG 2000 opens to what it was") {
    Gate gate;
    const Kind kind = GENERATE(from_range(kinds));
    for (const auto& to : {rle, jpeg_sv1, jpeg_14, jpeg_2000}) {
        const bool by_jpeg = to.uid == jpeg_sv1.uid || to.uid == jpeg_14.uid;
        if (by_jpeg && kind.planar == 1 && kind.frames > 1)
            continue;  // DCMTK takes all planes for one frame's
        INFO(to.uid.str() << ", " << name_of(kind));
        check_opens(gate, to, compress_sealed(gate, kind, to));
    }
}

TEST_CASE("Bits Stored and the mark are put back in what was compressed") {
    Gate gate;
    gate.mark = true;
    const Kind kind;
    DataSet data = header_of(kind);
    Bytes original = data.bytes;
    original[original.size() - 22] = 12;  // Bits Stored
    original[original.size() - 12] = 11;  // High Bit
    DataSet pixels(true);
    pixels.element(0x7FE00010, "OW", noise(kind.size()));
    append(original, pixels.bytes);
    const auto sealed = gate.seal(explicit_le, original);
    REQUIRE_FALSE(sealed.error);
    check_opens(gate, rle, {original, compressed(sealed.bytes, rle), sealed.sealed.envelope});
}

TEST_CASE("the transfer syntax of what is written is told") {
    Gate gate;
    codec::Catalogue allowed;
    (void)allowed.add(gate.codec);
    const auto object = compress_sealed(gate, {}, rle);
    const auto opener = make_opener({rle, gate.identity, {object.envelope}, allowed}, gate.keys);
    ByteCollector out;
    REQUIRE(opener->push(object.returned, out));
    CHECK(opener->released());
    CHECK(opener->written_in().uid == explicit_le.uid);
}

TEST_CASE("of two sealings of one object, one native and one compressed, each opens") {
    Gate gate;
    const Kind kind;
    const Bytes native = native_of(kind);
    const auto sealed_native = gate.seal(explicit_le, native);
    const Bytes scanned = compressed(native, rle);
    const auto sealed_rle = gate.seal(rle, scanned);
    REQUIRE_FALSE(sealed_rle.error);
    for (const bool native_first : {true, false}) {
        std::vector<Bytes> envelopes = {sealed_native.sealed.envelope, sealed_rle.sealed.envelope};
        if (!native_first) std::swap(envelopes[0], envelopes[1]);
        const auto by_scanner = gate.open(rle, sealed_rle.bytes, envelopes, 1000);
        INFO(by_scanner.detail);
        REQUIRE_FALSE(by_scanner.error);
        CHECK(difference(by_scanner.bytes, scanned) == "");
        CHECK(by_scanner.opened.superseded == native_first);
        const auto by_archive = gate.open(rle, compressed(sealed_native.bytes, rle), envelopes, 1000);
        INFO(by_archive.detail);
        REQUIRE_FALSE(by_archive.error);
        CHECK(difference(by_archive.bytes, native) == "");
        CHECK(by_archive.opened.superseded != native_first);
    }
}

TEST_CASE("an archive that changed the order of planes is undone, native or not") {
    Gate gate;
    const Kind by_plane = {.rows = 200, .columns = 300, .samples = 3, .bits = 8, .frames = 2, .planar = 1};
    for (const bool to_plane : {true, false}) {
        Kind kind = by_plane;
        kind.planar = to_plane ? 0 : 1;
        const Bytes original = native_of(kind);
        const auto sealed = gate.seal(explicit_le, original);
        const auto swapper = make_plane_swapper(explicit_le);
        ByteCollector swapped;
        REQUIRE(swapper->push(sealed.bytes, swapped));
        REQUIRE(swapper->finish(swapped));
        REQUIRE(swapped.collected != sealed.bytes);
        for (const std::size_t piece : {std::size_t{4096}, uncut}) {
            const auto opened = gate.open(explicit_le, swapped.collected, {sealed.sealed.envelope}, piece);
            INFO(opened.detail);
            REQUIRE_FALSE(opened.error);
            CHECK(opened.released);
            CHECK(difference(opened.bytes, original) == "");
        }
    }
}

TEST_CASE("a pixel that an archive changed before it compressed is refused") {
    Gate gate;
    const Kind kind = GENERATE(from_range(kinds));
    const auto sealed = gate.seal(explicit_le, native_of(kind));
    for (const auto& to : {rle, jpeg_sv1, jpeg_2000}) {
        Bytes changed = sealed.bytes;
        const Bytes header = header_of(kind).bytes;
        changed[header.size() + 12 + kind.size() / 2] ^= 4;
        const auto opened = gate.open(to, compressed(changed, to), {sealed.sealed.envelope});
        INFO(to.uid.str() << ", " << name_of(kind) << ": " << opened.detail);
        CHECK(opened.error == errc::tampered);
    }
}

TEST_CASE("dimensions that are not the sealed ones are refused before anything is decompressed") {
    Gate gate;
    const Kind kind;
    auto object = compress_sealed(gate, kind, rle);
    const auto with_rows = [&](std::uint16_t rows, std::uint16_t columns) {
        return through_dcmtk(object.returned, rle, rle, [&](DcmDataset& data) {
            data.putAndInsertUint16(DCM_Rows, rows);
            data.putAndInsertUint16(DCM_Columns, columns);
        });
    };
    CHECK(gate.open(rle, with_rows(30000, 30000), {object.envelope}).error == errc::tampered);
    CHECK(gate.open(rle, with_rows(0, 16), {object.envelope}).error == errc::context_differs);
    CHECK(gate.open(rle, with_rows(8, 32), {object.envelope}).error);  // as many pixels
}

TEST_CASE("what was compressed with a loss is refused") {
    Gate gate;
    const auto object = compress_sealed(gate, {}, jpeg_2000);
    for (const char* uid : {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.91"})
        CHECK(gate.open(syntax(uid), object.returned, {object.envelope}).error == errc::context_differs);
}

TEST_CASE("whatever byte of a compressed object is changed, no other pixels come out") {
    Gate gate;
    std::mt19937 random(5);
    const Kind kind = {.rows = 24, .columns = 20, .frames = 2};
    for (const auto& to : {rle, jpeg_sv1, jpeg_2000}) {
        const auto object = compress_sealed(gate, kind, to);
        for (int i = 0; i < 2000; ++i) {
            Bytes changed = object.returned;
            const auto at = header_of(kind).bytes.size() + random() % kind.size();
            changed[at] = static_cast<std::uint8_t>(random());
            if (i % 3 == 0) changed[at + random() % 64] = static_cast<std::uint8_t>(random());
            const auto opened = gate.open(to, changed, {object.envelope});
            if (!opened.error) CHECK(difference(opened.bytes, object.original) == "");
        }
    }
}
