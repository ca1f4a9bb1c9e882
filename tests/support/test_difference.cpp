#include <catch2/catch.hpp>

#include "tests/support/difference.hpp"

using namespace portcullis::judge;

namespace {

void add_icon(DcmDataset& dataset, Uint8 first_pixel) {
    DcmItem* icon = nullptr;
    REQUIRE(dataset.findOrCreateSequenceItem(DCM_IconImageSequence, icon).good());
    const Uint8 pixels[4] = {first_pixel, 2, 3, 4};
    REQUIRE(icon->putAndInsertUint8Array(DCM_PixelData, pixels, 4).good());
}

void fill(DcmFileFormat& file) {
    DcmDataset& dataset = *file.getDataset();
    REQUIRE(dataset.putAndInsertString(DCM_SOPInstanceUID, "1.2.3").good());
    REQUIRE(dataset.putAndInsertString(DCM_PatientName, "A^B").good());
    REQUIRE(dataset.putAndInsertString(DcmTag(0x0009, 0x0010, EVR_LO), "SOMEBODY").good());
    REQUIRE(dataset
                .putAndInsertUint8Array(DcmTag(0x0009, 0x1001, EVR_OB),
                                        reinterpret_cast<const Uint8*>("private "), 8)
                .good());
    add_icon(dataset, 1);
    const Uint16 pixels[4] = {1, 2, 3, 4};
    REQUIRE(dataset.putAndInsertUint16Array(DCM_PixelData, pixels, 4).good());
}

void add_fragments(DcmFileFormat& file, const std::vector<std::string>& fragments) {
    auto* sequence = new DcmPixelSequence(DCM_PixelSequenceTag);
    sequence->insert(new DcmPixelItem(DCM_PixelItemTag));  // empty offset table
    for (const std::string& bytes : fragments) {
        auto* item = new DcmPixelItem(DCM_PixelItemTag);
        item->putUint8Array(reinterpret_cast<const Uint8*>(bytes.data()), bytes.size());
        sequence->insert(item);
    }
    auto* pixels = new DcmPixelData(DCM_PixelData);
    pixels->putOriginalRepresentation(EXS_JPEGProcess1, nullptr, sequence);
    file.getDataset()->insert(pixels, true);
}

std::vector<std::string> names(DcmFileFormat& a, DcmFileFormat& b) {
    std::vector<std::string> all;
    compare(a, b, [&](const Difference& difference) {
        all.push_back(difference.name());
        return true;
    });
    return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Equal objects have no difference, whatever their group lengths") {
    DcmFileFormat a, b;
    fill(a);
    fill(b);
    b.getDataset()->putAndInsertUint32(DcmTag(0x0008, 0x0000, EVR_UL), 42);
    CHECK(names(a, b).empty());
}

TEST_CASE("One changed pixel bit is found") {
    DcmFileFormat a, b;
    fill(a);
    fill(b);
    const Uint16 pixels[4] = {1, 2, 3, 5};
    b.getDataset()->putAndInsertUint16Array(DCM_PixelData, pixels, 4);
    CHECK(names(a, b) == Names{"(7FE0,0010) value"});
}

TEST_CASE("A difference in a nested image is found and named with its path") {
    DcmFileFormat a, b;
    fill(a);
    fill(b);
    add_icon(*b.getDataset(), 9);
    std::string path;
    compare(a, b, [&](const Difference& difference) {
        path = difference.path;
        return false;
    });
    CHECK(path == "(0088,0200)[1].(7FE0,0010)");
    CHECK(names(a, b) == Names{"(0088,0200).(7FE0,0010) value"});
}

TEST_CASE("Missing, added and changed elements are told apart, private ones too") {
    DcmFileFormat a, b;
    fill(a);
    fill(b);
    b.getDataset()->findAndDeleteElement(DcmTagKey(0x0009, 0x1001));
    b.getDataset()->putAndInsertString(DCM_PatientName, "A^C");
    b.getDataset()->putAndInsertString(DCM_PatientID, "1");
    CHECK(names(a, b) == Names{"(0009,1001) missing", "(0010,0010) value", "(0010,0020) added"});
}

TEST_CASE("A changed VR with the same bytes is a difference") {
    DcmFileFormat a, b;
    fill(a);
    fill(b);
    b.getDataset()->findAndDeleteElement(DcmTagKey(0x0009, 0x1001));
    REQUIRE(b.getDataset()->putAndInsertString(DcmTag(0x0009, 0x1001, EVR_LT), "private ").good());
    // Fabricated objects have no transfer syntax of their own; written and read again they have.
    const auto through_file = [](DcmFileFormat& file, const char* name) {
        REQUIRE(file.saveFile(name, EXS_LittleEndianExplicit).good());
        auto read = read_file(name);
        REQUIRE(read->loadAllDataIntoMemory().good());
        std::filesystem::remove(name);
        return read;
    };
    auto read_a = through_file(a, "test_difference_a.dcm");
    auto read_b = through_file(b, "test_difference_b.dcm");
    CHECK(names(*read_a, *read_b) == Names{"(0009,1001) vr"});
}

TEST_CASE("Fragments are compared in number and as one run of bytes") {
    DcmFileFormat a, b, c;
    add_fragments(a, {"abcd", "efgh"});
    add_fragments(b, {"abcdef", "gh"});
    add_fragments(c, {"abcd", "ef", "gX"});
    CHECK(names(a, a).empty());
    CHECK(names(a, b).empty());
    CHECK(names(a, c) == Names{"(7FE0,0010) fragments", "(7FE0,0010) value"});
}

TEST_CASE("Native against encapsulated is a difference of its own") {
    DcmFileFormat a, b;
    fill(a);
    fill(b);
    add_fragments(b, {"abcd"});
    CHECK(names(a, b) == Names{"(7FE0,0010) encapsulation"});
}
