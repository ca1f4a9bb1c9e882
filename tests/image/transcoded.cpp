// Objects for receivers that take only uncompressed ones: by every codec, and of every kind.

#include <dcmtk/dcmjpeg/djrploss.h>
#include <dcmtk/dcmjpls/djrparam.h>

#include <cstdlib>
#include <map>
#include <set>

#include "tests/image/deflated.hpp"
#include "tests/image/real_files.hpp"
#include "tests/image/transcode.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const std::vector<Kind> kinds = {
    {},
    {.rows = 7, .columns = 5, .bits = 8, .frames = 3},
    {.rows = 9, .columns = 9, .bits = 8},
    {.rows = 30, .columns = 40, .frames = 12},
    {.rows = 17, .columns = 33, .is_signed = true},
    {.rows = 15, .columns = 17, .samples = 3, .bits = 8},
    {.rows = 40, .columns = 30, .samples = 3, .bits = 8, .frames = 3},
};

void check_transcodes(const Bytes& data, const TransferSyntax& from, const Bytes& expected,
                      const TransferSyntax& to = explicit_le) {
    for (const std::size_t piece : piece_sizes) {
        const auto done = transcode(data, from, to, piece);
        INFO(from.uid.str() << " in pieces of " << piece << ": " << done.detail);
        REQUIRE_FALSE(done.error);
        CHECK(difference(done.bytes, expected) == "");
    }
}

/// The header of such an image of which fewer bits are stored.
Bytes header_storing(const Kind& kind, std::uint8_t bits_stored) {
    Bytes header = header_of(kind).bytes;
    header[header.size() - 22] = bits_stored;
    header[header.size() - 12] = static_cast<std::uint8_t>(bits_stored - 1);
    return header;
}

/// An image of which 12 bits of 16 are stored; where it is signed, the sign fills the others.
Bytes native_of_12_bits(const Kind& kind) {
    Bytes pixels;
    for (std::size_t i = 0; i < kind.size() / 2; ++i) {
        const auto value = static_cast<std::int16_t>((i * 37 + i / 5) % 4096 - (kind.is_signed ? 2048 : 0));
        append_le16(pixels, static_cast<std::uint16_t>(value));
    }
    DataSet data(true);
    data.bytes = header_storing(kind, 12);
    data.element(0x7FE00010, "OW", pixels);
    return data.bytes;
}

/// By the bits that are stored, which is not how the other tests' coder does it.
Bytes by_jpeg_ls_of_stored_bits(const Bytes& native, const std::function<void(DcmDataset&)>& change = {}) {
    register_coders();
    DJLSEncoderRegistration::cleanup();
    DJLSEncoderRegistration::registerCodecs(0, 0, 0, 0, OFTrue, 0, OFTrue, EJLSUC_never);
    const Bytes made = compressed(native, jpeg_ls, change);
    DJLSEncoderRegistration::cleanup();
    DJLSEncoderRegistration::registerCodecs(0, 0, 0, 0, OFFalse, 0, OFTrue, EJLSUC_never);
    return made;
}

Bytes lossy(const Bytes& native, const TransferSyntax& to, const DcmRepresentationParameter& parameter) {
    register_coders();
    return through_dcmtk(native, explicit_le, to, [&](DcmDataset& data) {
        REQUIRE(data.chooseRepresentation(dcmtk_syntax(to), &parameter).good());
        data.removeAllButCurrentRepresentations();
    });
}

int farthest(const Bytes& a, const Bytes& b) {
    REQUIRE(a.size() == b.size());
    int farthest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) farthest = std::max(farthest, std::abs(a[i] - b[i]));
    return farthest;
}

}  // namespace

TEST_CASE("what was compressed without a loss becomes what it was, by every codec") {
    for (const Kind& kind : kinds) {
        const Bytes native = native_of(kind, smooth(kind));
        for (const auto& from : {rle, jpeg_sv1, jpeg_14, jpeg_ls, jpeg_2000})
            check_transcodes(compressed(native, from), from, native);
    }
}

TEST_CASE("of samples that fill their words in part the value comes back, with its sign") {
    for (const bool is_signed : {false, true}) {
        const Kind kind = {.rows = 64, .columns = 64, .is_signed = is_signed};
        const Bytes native = native_of_12_bits(kind);
        check_transcodes(compressed(native, jpeg_2000), jpeg_2000, native);
        check_transcodes(compressed(native, rle), rle, native);
        check_transcodes(compressed(native, jpeg_sv1), jpeg_sv1, native);
    }
}

TEST_CASE("samples that are coded without a sign, where the attributes have one, come back with it") {
    const Kind kind = {.rows = 64, .columns = 64, .is_signed = true};
    const Bytes native = native_of_12_bits(kind);
    const std::size_t header = header_of(kind).bytes.size();
    Bytes without_sign = native;
    without_sign[header - 2] = 0;  // Pixel Representation
    for (std::size_t i = header + 13; i < without_sign.size(); i += 2) without_sign[i] &= 0x0F;
    const auto put_sign = [](DcmDataset& made) {
        REQUIRE(made.putAndInsertUint16(DCM_PixelRepresentation, 1).good());
    };
    check_transcodes(compressed(without_sign, jpeg_2000, put_sign), jpeg_2000, native);
    check_transcodes(by_jpeg_ls_of_stored_bits(without_sign, put_sign), jpeg_ls, native);
}

TEST_CASE("samples of 8 bits that have room for 16 get it") {
    const Kind narrow = {.rows = 20, .columns = 30, .bits = 8};
    const Kind wide = {.rows = 20, .columns = 30};
    const Bytes pixels = smooth(narrow);
    Bytes words;
    for (const auto sample : pixels) append_le16(words, sample);
    DataSet expected(true);
    expected.bytes = header_storing(wide, 8);
    expected.element(0x7FE00010, "OW", words);
    for (const auto& from : {jpeg_sv1, jpeg_ls}) {
        const auto data = compressed(native_of(narrow, pixels), from, [](DcmDataset& made) {
            REQUIRE(made.putAndInsertUint16(DCM_BitsAllocated, 16).good());
        });
        check_transcodes(data, from, expected.bytes);
    }
}

TEST_CASE("near-lossless JPEG-LS comes as near as it was coded") {
    for (const Kind& kind : {Kind{.rows = 50, .columns = 41, .bits = 8},
                             {.rows = 33, .columns = 20, .samples = 3, .bits = 8, .frames = 2}}) {
        const Bytes native = native_of(kind, smooth(kind));
        const auto data = lossy(native, jpeg_ls_near, DJLSRepresentationParameter(2, OFFalse));
        const auto done = transcode(data, jpeg_ls_near);
        INFO(done.detail);
        REQUIRE_FALSE(done.error);
        const auto pixels = seen_in(done.bytes, explicit_le).pixels;
        CHECK((pixels == decompressed_by_dcmtk(data, jpeg_ls_near).pixels));
        CHECK(farthest(pixels, seen_in(native, explicit_le).pixels) <= 2);
    }
}

TEST_CASE("lossy JPEG of 8 and 12 bits comes as DCMTK decodes it") {
    const Kind grey = {.rows = 51, .columns = 41, .bits = 8, .frames = 3};
    const Kind colour = {.rows = 33, .columns = 21, .samples = 3, .bits = 8, .frames = 3};
    const std::vector<std::pair<TransferSyntax, Bytes>> images = {
        {jpeg_baseline, native_of(grey, smooth(grey))},
        {jpeg_baseline, native_of(colour, smooth(colour))},
        {jpeg_extended, native_of_12_bits({.rows = 64, .columns = 48, .frames = 2})}};
    for (const auto& [to, native] : images) {
        const auto data = lossy(native, to, DJ_RPLossy(90));
        const auto done = transcode(data, to);
        INFO(to.uid.str() << ": " << done.detail);
        REQUIRE_FALSE(done.error);
        const auto seen = seen_in(done.bytes, explicit_le);
        const auto expected = decompressed_by_dcmtk(data, to);
        CHECK((seen.pixels == expected.pixels));
        CHECK(seen.photometric == expected.photometric);
    }
}

TEST_CASE("real images come as DCMTK decompresses them, and say so") {
    // Of one bit a pixel; a file in a fragment, and not a codestream; with a width of its own.
    const std::set<std::string> refused = {"liver_j2k.dcm", "GDCMJ2K_TextGBR.dcm",
                                           "JPEG2000-embedded-sequence-delimiter.dcm"};
    std::map<Compression, unsigned> count;
    for (const RealFile& file : real_files()) {
        const auto by = compression(file.transfer_syntax.uid);
        if (!by || file.broken || !contains(file.data_set, Bytes{0xE0, 0x7F, 0x10, 0x00, 'O'})) continue;
        const auto done = transcode(file.data_set, file.transfer_syntax);
        INFO(file.name << ": " << done.detail);
        CHECK(bool(done.error) == refused.contains(file.name));
        if (done.error) continue;
        ++count[*by];
        const auto seen = seen_in(done.bytes, explicit_le);
        if (*by == Compression::jpeg_2000) continue;  // DCMTK has no decoder
        const auto expected = decompressed_by_dcmtk(file.data_set, file.transfer_syntax);
        CHECK((seen.pixels == expected.pixels));
        CHECK(seen.photometric == expected.photometric);
        CHECK(seen.planar == expected.planar);
    }
    CHECK(count[Compression::rle] >= 7);
    CHECK(count[Compression::jpeg_baseline] >= 10);
    CHECK(count[Compression::jpeg_extended] >= 2);
    CHECK(count[Compression::jpeg_lossless_sv1] >= 1);
    CHECK(count[Compression::jpeg_ls] >= 1);
    CHECK(count[Compression::jpeg_2000] >= 5);
}

TEST_CASE("luminance and chrominance become RGB only where a loss was taken for them") {
    const Kind kind = {.rows = 16, .columns = 16, .samples = 3, .bits = 8};
    const Bytes native = native_of(kind, smooth(kind));
    const auto photometric_of = [&](const TransferSyntax& from, const char* coded) {
        const auto data = compressed(native, from, [&](DcmDataset& made) {
            REQUIRE(made.putAndInsertString(DCM_PhotometricInterpretation, coded).good());
        });
        const auto done = transcode(data, from);
        INFO(from.uid.str() << ", " << coded << ": " << done.detail);
        REQUIRE_FALSE(done.error);
        const auto seen = seen_in(done.bytes, explicit_le);
        CHECK((seen.pixels == seen_in(native, explicit_le).pixels));
        return seen.photometric;
    };
    for (const auto& from : {rle, jpeg_sv1, jpeg_14, jpeg_ls}) {
        CHECK(photometric_of(from, "RGB") == "RGB");
        CHECK(photometric_of(from, "YBR_FULL") == "YBR_FULL");
        CHECK(photometric_of(from, "YBR_FULL_422") == "YBR_FULL");
    }
    for (const char* transformed : {"YBR_RCT", "YBR_ICT", "RGB"})
        CHECK(photometric_of(jpeg_2000, transformed) == "RGB");
}

TEST_CASE("colour that does not say how it lies says that it lies by pixel; offset tables and lengths go") {
    const Kind kind = {.rows = 16, .columns = 16, .samples = 3, .bits = 8};
    const Bytes native = native_of(kind, smooth(kind));
    Bytes data = compressed(native, rle, [](DcmDataset& made) {
        delete made.remove(DCM_PlanarConfiguration);
        REQUIRE(made.putAndInsertUint32(DcmTag(0x0028, 0x0000, EVR_UL), 200).good());
    });
    DataSet tables(true);
    tables.element(0x7FE00001, "OV", Bytes(8, 0)).element(0x7FE00002, "OV", Bytes(8, 1));
    const Bytes pixels = {0xE0, 0x7F, 0x10, 0x00};
    const auto at = std::search(data.begin(), data.end(), pixels.begin(), pixels.end());
    REQUIRE(at != data.end());
    data.insert(at, tables.bytes.begin(), tables.bytes.end());
    check_transcodes(data, rle, native);
}

TEST_CASE("all else stays as it is, what says that something was lost as well") {
    const RealFile& file = real_file("SC_rgb_jpeg_dcmtk.dcm");
    const auto changed_by = [](const Bytes& data, const TransferSyntax& syntax) {
        return through_dcmtk(data, syntax, explicit_le, [](DcmDataset& read) {
            for (const auto& tag : {DCM_PixelData, DCM_PhotometricInterpretation, DCM_PlanarConfiguration})
                delete read.remove(tag);
        });
    };
    const auto done = transcode(file.data_set, file.transfer_syntax);
    REQUIRE_FALSE(done.error);
    CHECK(difference(changed_by(done.bytes, explicit_le), changed_by(file.data_set, file.transfer_syntax)) ==
          "");
    (void)through_dcmtk(done.bytes, explicit_le, explicit_le, [](DcmDataset& read) {
        OFString lossy;
        REQUIRE(read.findAndGetOFString(DCM_LossyImageCompression, lossy).good());
        CHECK(lossy == "01");
    });
}

TEST_CASE("an object in a compressed transfer syntax that has no pixels passes") {
    DataSet data(true);
    data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.88.11").uid(0x00080018, "1.2.3.4");
    check_transcodes(data.bytes, jpeg_sv1, data.bytes);
}

TEST_CASE("what is deflated is inflated") {
    const RealFile& file = deflated_file("image_dfl.dcm");
    const auto expected = inflated(file.data_set, 1 << 24);
    REQUIRE(expected.has_value());
    check_transcodes(file.data_set, file.transfer_syntax, *expected);
}
