// What is not transcoded: refused with a word about why, before it costs much.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmjpls/djrparam.h>

#include "gateway/image/error.hpp"
#include "tests/image/deflated.hpp"
#include "tests/image/real_files.hpp"
#include "tests/image/transcode.hpp"
#include "tests/support/jpeg2000.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const Kind plain = {.rows = 32, .columns = 48};
const Kind colour = {.rows = 32, .columns = 48, .samples = 3, .bits = 8};

Bytes image_of(const Kind& kind, const TransferSyntax& by,
               const std::function<void(DcmDataset&)>& change = {}) {
    return compressed(native_of(kind, smooth(kind)), by, change);
}

std::function<void(DcmDataset&)> put(const DcmTagKey& tag, std::uint16_t value) {
    return [=](DcmDataset& data) { REQUIRE(data.putAndInsertUint16(tag, value).good()); };
}

std::function<void(DcmDataset&)> put(const DcmTagKey& tag, const char* value) {
    return [=](DcmDataset& data) { REQUIRE(data.putAndInsertString(tag, value).good()); };
}

std::function<void(DcmDataset&)> without(const DcmTagKey& tag) {
    return [=](DcmDataset& data) { delete data.remove(tag); };
}

void check_refused(const Bytes& data, const TransferSyntax& from, const std::string& why) {
    const auto done = transcode(data, from);
    INFO(from.uid.str() << ": " << done.detail);
    CHECK(done.error);
    CHECK(done.detail.find(why) != std::string::npos);
}

}  // namespace

TEST_CASE("there is no transcoder of HTJ2K, video, retired JPEG, Big Endian or Implicit VR") {
    for (const char* from : {"1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",
                             "1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.107",
                             "1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.55", "1.2.840.10008.1.2.8.1",
                             "1.2.840.10008.1.2.2", "1.2.840.10008.1.2", "1.2.840.10008.1.2.4.94"})
        CHECK_FALSE(can_transcode(*Uid::parse(from), explicit_le.uid));
    CHECK(can_transcode(explicit_le.uid, implicit_le.uid));
    CHECK_FALSE(can_transcode(explicit_le.uid, explicit_le.uid));
    CHECK_FALSE(can_transcode(implicit_le.uid, implicit_le.uid));
}

TEST_CASE("a frame of more than 64 Mi samples is refused before it is made, and one of as many is not") {
    const auto frame = [](std::uint16_t rows, std::uint16_t columns) {
        const Kind kind = {.rows = rows, .columns = columns, .bits = 8};
        return encapsulated(header_of(kind).bytes, {Bytes(100, 0)});
    };
    check_refused(frame(8192, 8193), rle, "of which at most 67108864");
    check_refused(frame(8192, 8192), rle, "frame 1 does not decompress");
    check_refused(frame(65535, 65535), jpeg_baseline, "of which at most 67108864");
}

TEST_CASE("frames that together are more than a value holds are refused") {
    const Kind kind = {.rows = 8192, .columns = 8192, .bits = 8, .frames = 65};
    check_refused(encapsulated(header_of(kind).bytes, {Bytes(100, 0)}), rle, "how large a frame is");
}

TEST_CASE("frames that the attributes do not describe are refused") {
    for (const auto& from : {rle, jpeg_sv1, jpeg_14, jpeg_ls, jpeg_2000}) {
        const std::string no = "frame 1 does not decompress";
        check_refused(image_of(plain, from, put(DCM_Columns, 47)), from, no);
        check_refused(image_of(plain, from, put(DCM_BitsAllocated, 8)), from, "");
        check_refused(image_of(plain, from, put(DCM_NumberOfFrames, "2")), from, "frames");
        check_refused(image_of(plain, from, without(DCM_Rows)), from, "how large a frame is");
        check_refused(image_of(plain, from, without(DCM_PhotometricInterpretation)), from,
                      "no Photometric Interpretation");
        check_refused(image_of(plain, from, put(DCM_PhotometricInterpretation, "RGB")), from,
                      "Photometric Interpretation \"RGB\"");
        check_refused(image_of(colour, from, put(DCM_PhotometricInterpretation, "YBR_PARTIAL_420")), from,
                      "Photometric Interpretation \"YBR_PARTIAL_420\"");
        check_refused(image_of(plain, from, put(DCM_HighBit, 14)), from, "Bits Stored and High Bit");
        check_refused(image_of(plain, from, put(DCM_BitsStored, 17)), from, "Bits Stored and High Bit");
    }
}

TEST_CASE("signed samples of fewer coded bits than are stored are refused: where the sign is nobody knows") {
    const Kind narrow = {.rows = 20, .columns = 30, .bits = 8};
    const auto as_if_of_12_bits = [](DcmDataset& data) {
        put(DCM_BitsAllocated, 16)(data);
        put(DCM_BitsStored, 12)(data);
        put(DCM_HighBit, 11)(data);
    };
    const auto with_sign = [&](DcmDataset& data) {
        as_if_of_12_bits(data);
        put(DCM_PixelRepresentation, 1)(data);
    };
    for (const auto& from : {jpeg_sv1, jpeg_ls, jpeg_2000}) {
        CHECK_FALSE(transcode(image_of(narrow, from, as_if_of_12_bits), from).error);
        check_refused(image_of(narrow, from, with_sign), from, "frame 1 does not decompress");
    }
}

TEST_CASE("a codestream with a sign that the attributes lack is refused, and colours that it does not have") {
    const Kind with_sign = {.rows = 32, .columns = 48, .is_signed = true};
    check_refused(image_of(with_sign, jpeg_2000, put(DCM_PixelRepresentation, std::uint16_t{0})), jpeg_2000,
                  "frame 1");
    const auto sample = judge::encode_jpeg2000({colour.columns, colour.rows, 8, false, smooth(colour), 3});
    Bytes stream(sample.begin(), sample.end());
    const Bytes style = {0xFF, 0x52};  // COD
    const auto at = std::search(stream.begin(), stream.end(), style.begin(), style.end());
    REQUIRE(at != stream.end());
    REQUIRE(at[8] == 1);  // multiple component transformation
    at[8] = 0;
    Bytes header = header_of(colour).bytes;
    const Bytes rgb = {'R', 'G', 'B', ' '};
    REQUIRE_FALSE(transcode(encapsulated(header, {even(stream)}), jpeg_2000).error);
    DataSet renamed(true);
    const auto said = std::search(header.begin(), header.end(), rgb.begin(), rgb.end());
    REQUIRE(said != header.end());
    renamed.bytes.assign(header.begin(), said - 8);
    renamed.element(0x00280004, "CS", "YBR_RCT ");
    renamed.bytes.insert(renamed.bytes.end(), said + 4, header.end());
    check_refused(encapsulated(renamed.bytes, {even(stream)}), jpeg_2000, "frame 1");
}

TEST_CASE("a compressed icon is refused, and a native one stays") {
    const auto with_icon = [](const Bytes& pixels) {
        DataSet icon(true);
        icon.us(0x00280010, 2).us(0x00280011, 2);
        append(icon.bytes, pixels);
        DataSet data = header_of(plain);
        append(data.bytes, sequence_of({true}, 0x00880200, icon.bytes, false));
        return data.bytes;
    };
    DataSet native(true), fragments(true);
    native.element(0x7FE00010, "OB", Bytes(4, 7));
    fragments.header(0x7FE00010, "OB", undefined).fragment({}).fragment(Bytes(10, 1)).end_sequence();
    const auto frame = image_of(plain, rle);
    const std::size_t header = header_of(plain).bytes.size();
    const Bytes pixels(frame.begin() + static_cast<std::ptrdiff_t>(header), frame.end());
    Bytes good = with_icon(native.bytes), bad = with_icon(fragments.bytes);
    Bytes expected = good;
    append(good, pixels);
    append(bad, pixels);
    DataSet words(true);
    words.element(0x7FE00010, "OW", smooth(plain));
    append(expected, words.bytes);
    const auto done = transcode(good, rle);
    REQUIRE_FALSE(done.error);
    CHECK(difference(done.bytes, expected) == "");
    check_refused(bad, rle, "(0088,0200)[1].(7FE0,0010) is compressed");
}

TEST_CASE("native pixels in a compressed transfer syntax are refused") {
    check_refused(native_of(plain, smooth(plain)), rle, "(7FE0,0010)");
}

TEST_CASE("a lossy frame in another process than the transfer syntax names is refused") {
    const auto lossless = image_of({.rows = 32, .columns = 48, .bits = 8}, jpeg_sv1);
    check_refused(lossless, jpeg_baseline, "frame 1 does not decompress");
    check_refused(lossless, jpeg_extended, "frame 1 does not decompress");
}

TEST_CASE("a deflated data set that grows without measure, or is cut off, is refused") {
    CHECK(transcode(bomb(), deflated_le).error == errc::grows_too_much);
    CHECK(transcode(Bytes(bomb().begin(), bomb().begin() + 1000), deflated_le).error);
}

TEST_CASE("lossy frames that are damaged anywhere end in an error or in as many bytes") {
    const Kind kind = {.rows = 32, .columns = 48, .samples = 3, .bits = 8};
    register_coders();
    const DJLSRepresentationParameter near(2, OFFalse);
    const Bytes by_jpeg_ls =
        through_dcmtk(native_of(kind, smooth(kind)), explicit_le, jpeg_ls_near, [&](DcmDataset& data) {
            REQUIRE(data.chooseRepresentation(EXS_JPEGLSLossy, &near).good());
            data.removeAllButCurrentRepresentations();
        });
    const std::vector<std::pair<TransferSyntax, Bytes>> images = {
        {jpeg_ls_near, by_jpeg_ls},
        {jpeg_baseline, real_file("SC_rgb_dcmtk_+eb+cy+s2.dcm").data_set},
        {jpeg_extended, real_file("JPGExtended.dcm").data_set},
        {jpeg_2000_lossy, real_file("693_J2KI.dcm").data_set}};
    std::mt19937 random(5);
    for (const auto& [from, good] : images) {
        const auto whole = transcode(good, from);
        REQUIRE_FALSE(whole.error);
        const Bytes pixels = {0xE0, 0x7F, 0x10, 0x00, 'O'};
        const auto at = std::search(good.begin(), good.end(), pixels.begin(), pixels.end());
        REQUIRE(at != good.end());
        const auto header = static_cast<std::size_t>(at - good.begin()) + 12;
        unsigned failed = 0;
        for (int i = 0; i < (good.size() < 50'000 ? 3000 : 150); ++i) {
            Bytes bad = good;
            // Headers, and what comes behind them.
            const std::size_t reach =
                i % 2 == 0 ? std::min<std::size_t>(1000, bad.size() - header) : bad.size() - header;
            const auto somewhere = [&] { return header + random() % reach; };
            for (auto changes = 1 + random() % 3; changes > 0; --changes)
                bad[somewhere()] = static_cast<std::uint8_t>(random());
            if (i % 5 == 0) bad.resize(somewhere());
            const auto done = transcode(bad, from);
            if (done.error)
                ++failed;
            else
                CHECK(done.bytes.size() == whole.bytes.size());
        }
        CHECK(failed > 0);
    }
}
