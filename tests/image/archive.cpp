// What archives do to objects, and must open all the same.

#include <catch2/catch.hpp>
#include <numeric>

#include "gateway/image/block.hpp"
#include "gateway/image/error.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/pixels.hpp"
#include "tests/image/real_files.hpp"
#include "tests/image/through_dcmtk.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

/// Group lengths are put back as they were: an archive computes them anew.
Bytes without_group_lengths(const Bytes& data_set, const TransferSyntax& syntax) {
    return through_dcmtk(data_set, syntax, syntax, {}, EGL_withoutGL);
}

void remove_private(DcmDataset& object) {
    for (unsigned long i = object.card(); i > 0; --i)
        if (object.getElement(i - 1)->getTag().isPrivate()) delete object.remove(i - 1);
}

/// What a viewer gets must be what the archive would have given it of the object in the clear.
void check_through(const TransferSyntax& from, const TransferSyntax& to, const Bytes& object,
                   const std::function<void(DcmDataset&)>& change = {}) {
    Gate gate;
    const auto sealed = gate.seal(from, object);
    REQUIRE_FALSE(sealed.error);
    const Bytes returned = through_dcmtk(sealed.bytes, from, to, change);
    for (const std::size_t piece : {uncut, std::size_t{7}, std::size_t{0}}) {
        const auto opened = gate.open(to, returned, {sealed.sealed.envelope}, piece);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(opened.released);
        CHECK(difference(opened.bytes, through_dcmtk(object, from, to, change)) == "");
    }
}

/// The sealed pixels of encapsulated_image() in items of these lengths.
Bytes refragmented(const Bytes& sealed, const Bytes& envelope, const std::vector<std::size_t>& lengths,
                   const Bytes& offset_table) {
    Bytes pixels;
    for (const Range range : pixel_ranges({true}, sealed))
        append(pixels, ByteView(sealed).subspan(range.offset, range.length));
    DataSet data = image_header(true, 700, 512);
    data.header(0x7FE00010, "OB", undefined).fragment(offset_table);
    std::size_t at = 0;
    for (const std::size_t length : lengths) {
        data.fragment(ByteView(pixels).subspan(at, length));
        at += length;
    }
    REQUIRE(at == pixels.size());
    data.end_sequence();
    if (!envelope.empty()) data.element(0x7FE100FE, "LO", creator_name).element(0x7FE1FE01, "OB", envelope);
    return data.bytes;
}

}  // namespace

TEST_CASE("Implicit and Explicit VR in, either out") {
    for (const bool explicit_in : {false, true}) {
        for (const bool explicit_out : {false, true}) {
            INFO(explicit_in << " to " << explicit_out);
            const Bytes object = native_image(explicit_in).bytes;
            check_through(explicit_in ? explicit_le : implicit_le, explicit_out ? explicit_le : implicit_le,
                          object);
        }
    }
}

TEST_CASE("private elements that come back as UN") {
    // From Implicit VR an archive does not know them: creator LO, envelope UN.
    Gate gate;
    const auto sealed = gate.seal(implicit_le, native_image(false).bytes);
    const Bytes returned = through_dcmtk(sealed.bytes, implicit_le, explicit_le);
    const Bytes un = {0xE1, 0x7F, 0x01, 0xFE, 'U', 'N'};
    REQUIRE(std::search(returned.begin(), returned.end(), un.begin(), un.end()) != returned.end());
    const auto opened = gate.open(explicit_le, returned, {sealed.sealed.envelope});
    REQUIRE_FALSE(opened.error);
    CHECK(std::search(opened.bytes.end() - 100, opened.bytes.end(), creator_name.begin(),
                      creator_name.end()) == opened.bytes.end());
}

TEST_CASE("a creator that comes back as UN, or padded, and an envelope that comes back padded") {
    Gate gate;
    const Bytes object = native_image(true).bytes;
    const auto sealed = gate.seal(explicit_le, object);
    const auto padding = GENERATE(as<std::string>{}, "", "  ", std::string(2, '\0'));
    DataSet returned(true);
    returned.bytes =
        Bytes(sealed.bytes.begin(), sealed.bytes.begin() + static_cast<std::ptrdiff_t>(object.size()));
    returned.element(0x7FE10000, "UL", Bytes{1, 2, 3, 4})
        .element(0x7FE100FE, "UN", std::string(creator_name) + padding);
    Bytes envelope = sealed.sealed.envelope;
    append(envelope, as_bytes(padding));
    returned.element(0x7FE1FE01, "UN", envelope).element(0xFFFCFFFC, "OB", Bytes(4, 0));
    const auto opened = gate.open(explicit_le, returned.bytes, {sealed.sealed.envelope}, 5);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    DataSet expected(true);
    expected.bytes = object;
    expected.element(0xFFFCFFFC, "OB", Bytes(4, 0));
    CHECK(difference(opened.bytes, expected.bytes) == "");
}

TEST_CASE("private elements that are stripped") {
    check_through(explicit_le, explicit_le, native_image(true).bytes, remove_private);
    check_through(explicit_le, implicit_le, native_image(true).bytes, remove_private);
}

TEST_CASE("patient data that is edited is opened, and named") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    const Bytes returned = through_dcmtk(sealed.bytes, explicit_le, explicit_le, [](DcmDataset& object) {
        object.putAndInsertString(DCM_PatientID, "PAT 2");
        object.putAndInsertString(DCM_PixelSpacing, "1\\1");
        delete object.remove(DCM_RescaleSlope);
    });
    const auto opened = gate.open(explicit_le, returned, {sealed.sealed.envelope});
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.differing == std::vector<std::uint32_t>{0x00100020, 0x00280030, 0x00281053});
    CHECK(opened.opened.identifiers.patient_id == "PAT 2");
}

TEST_CASE("real files through DCMTK, in both encodings and without private elements") {
    std::size_t objects = 0;
    for (const RealFile& file : real_files()) {
        const bool native = !file.transfer_syntax.encapsulated;
        if (dcmtk_syntax(file.transfer_syntax) == EXS_Unknown) continue;
        if (file.broken || pixel_ranges(file.transfer_syntax.encoding, file.data_set).empty()) continue;
        INFO(file.name);
        Gate gate;
        gate.mark = true;
        for (const bool to_explicit : {true, false}) {
            if (!native && !to_explicit) continue;
            const TransferSyntax& to = !native       ? file.transfer_syntax
                                       : to_explicit ? explicit_le
                                                     : implicit_le;
            const Bytes in_the_clear = through_dcmtk(file.data_set, file.transfer_syntax, to);
            const auto reader = make_reader(to);
            ByteCollector read;
            REQUIRE(reader->push(in_the_clear, read));
            if (!reader->identifiers().sop_instance) continue;
            gate.identity.sop_instance_uid = reader->identifiers().sop_instance->str();
            const auto sealed = gate.seal(file.transfer_syntax, file.data_set);
            const auto opened = gate.open(to, through_dcmtk(sealed.bytes, file.transfer_syntax, to),
                                          {sealed.sealed.envelope}, 0);
            INFO(opened.detail);
            CHECK_FALSE(opened.error);
            CHECK(difference(without_group_lengths(opened.bytes, to),
                             without_group_lengths(in_the_clear, to)) == "");
            ++objects;
        }
    }
    CHECK(objects > 60);
}

TEST_CASE("fragments cut anew, the offset table changed") {
    Gate gate;
    const auto sealed = gate.seal(jpeg, encapsulated_image().bytes);
    const std::size_t all = 320'002;
    std::vector<std::size_t> lengths;
    SECTION("in one") {
        lengths = {all};
    }
    SECTION("in many") {
        for (std::size_t left = all; left > 0; left -= lengths.back())
            lengths.push_back(std::min<std::size_t>(left, 1234));
    }
    SECTION("across frames and units") {
        lengths = {2, 262'142, 2, 37'900, 20'000 - 46, 2};
    }
    SECTION("with empty ones") {
        lengths = {0, 300'000, 0, 0, 10'000, 0, 10'000, 2, 0, 0};
    }
    const std::size_t total = std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
    if (total < all) lengths.push_back(all - total);
    const Bytes offset_table = GENERATE(Bytes{}, Bytes(8, 7));
    const bool stripped = GENERATE(true, false);
    const Bytes returned =
        refragmented(sealed.bytes, stripped ? Bytes{} : sealed.sealed.envelope, lengths, offset_table);
    const Bytes expected = refragmented(encapsulated_image().bytes, {}, lengths, offset_table);
    for (const std::size_t piece : {uncut, std::size_t{7}, std::size_t{4096}, std::size_t{0}}) {
        const auto opened = gate.open(jpeg, returned, {sealed.sealed.envelope}, piece);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(difference(opened.bytes, expected) == "");
    }
}

TEST_CASE("odd lengths that the archive makes even") {
    Gate gate;
    SECTION("of fragments") {
        DataSet object = image_header(true, 8, 8), returned = object, expected = object;
        object.header(0x7FE00010, "OB", undefined)
            .fragment({})
            .fragment(noise(5))
            .fragment(noise(7, 2))
            .end_sequence();
        const auto sealed = gate.seal(jpeg, object.bytes);
        REQUIRE_FALSE(sealed.error);
        const auto ranges = pixel_ranges({true}, sealed.bytes);
        returned.header(0x7FE00010, "OB", undefined).fragment({});
        expected.header(0x7FE00010, "OB", undefined).fragment({});
        for (std::size_t i = 0; i < 2; ++i) {
            Bytes even(
                sealed.bytes.begin() + static_cast<std::ptrdiff_t>(ranges[i].offset),
                sealed.bytes.begin() + static_cast<std::ptrdiff_t>(ranges[i].offset + ranges[i].length));
            even.push_back(0);
            returned.fragment(even);
            Bytes clear = i == 0 ? noise(5) : noise(7, 2);
            clear.push_back(0);
            expected.fragment(clear);
        }
        returned.end_sequence();
        expected.end_sequence();
        const auto opened = gate.open(jpeg, returned.bytes, {sealed.sealed.envelope}, 3);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(difference(opened.bytes, expected.bytes) == "");
    }
    SECTION("of none: a fragment of one byte after one of an odd length") {
        DataSet object = image_header(true, 8, 8);
        object.header(0x7FE00010, "OB", undefined)
            .fragment({})
            .fragment(noise(15))
            .fragment(noise(1, 2))
            .fragment(noise(17, 3))
            .end_sequence();
        const auto sealed = gate.seal(jpeg, object.bytes);
        REQUIRE_FALSE(sealed.error);
        const auto opened = gate.open(jpeg, sealed.bytes, {sealed.sealed.envelope});
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(difference(opened.bytes, object.bytes) == "");
    }
    SECTION("of a native value, and drops the padding of one") {
        for (const std::size_t was : {9, 10}) {
            DataSet object = image_header(true, 3, 3);
            object.element(0x7FE00010, "OW", noise(was));
            DataSet data(true);
            data.uid(0x00080018, "1.2.3.4")
                .us(0x00280002, 1)
                .us(0x00280010, 3)
                .us(0x00280011, 3)
                .us(0x00280100, 8);
            const Bytes header = data.bytes;
            data.element(0x7FE00010, "OB", noise(was));
            const auto sealed = gate.seal(explicit_le, data.bytes);
            REQUIRE_FALSE(sealed.error);
            const Range pixels = pixel_ranges({true}, sealed.bytes).at(0);
            for (const std::size_t is : {9, 10}) {
                Bytes value(sealed.bytes.begin() + static_cast<std::ptrdiff_t>(pixels.offset),
                            sealed.bytes.begin() + static_cast<std::ptrdiff_t>(pixels.offset + 9));
                Bytes clear = noise(9);
                value.resize(is);
                clear.resize(is);
                DataSet returned(true), expected(true);
                returned.bytes = expected.bytes = header;
                returned.element(0x7FE00010, "OB", value);
                expected.element(0x7FE00010, "OB", clear);
                const auto opened = gate.open(explicit_le, returned.bytes, {sealed.sealed.envelope});
                INFO(opened.detail);
                REQUIRE_FALSE(opened.error);
                CHECK(difference(opened.bytes, expected.bytes) == "");
            }
        }
    }
}

TEST_CASE("an archive that compresses with a loss, or decompresses, is refused, by name") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    CHECK(gate.open(jpeg, encapsulated_image().bytes, {sealed.sealed.envelope}).error ==
          errc::context_differs);
    const auto compressed = gate.seal(jpeg, encapsulated_image().bytes);
    CHECK(gate.open(explicit_le, native_image(true).bytes, {compressed.sealed.envelope}).error ==
          errc::context_differs);
    const auto other = syntax("1.2.840.10008.1.2.4.90");
    CHECK(gate.open(other, compressed.bytes, {compressed.sealed.envelope}).error == errc::context_differs);
}

TEST_CASE("the envelope is found among earlier ones of the same object") {
    Gate gate;
    const bool native = GENERATE(true, false);
    const TransferSyntax& transfer_syntax = native ? explicit_le : jpeg;
    const Bytes object = native ? native_image(true).bytes : encapsulated_image().bytes;
    const auto sealed = gate.seal(transfer_syntax, object);
    std::vector<Bytes> envelopes;
    const DataSet others[] = {native_image(true), image_header(true, 8, 8).element(0x7FE00010, "OW", "ab")};
    for (const DataSet& other : others)
        envelopes.push_back(gate.seal(explicit_le, other.bytes).sealed.envelope);
    envelopes.push_back(gate.seal(jpeg, encapsulated_image().bytes).sealed.envelope);
    envelopes.push_back(
        gate.seal(explicit_le, image_header(true, 8, 8).element(0x7FE00010, "OW", "").bytes).sealed.envelope);
    SECTION("within the first sixteen") {
        envelopes.push_back(sealed.sealed.envelope);
        for (const std::size_t piece : {uncut, std::size_t{7}, std::size_t{0}}) {
            const auto opened = gate.open(transfer_syntax, sealed.bytes, envelopes, piece);
            INFO(opened.detail);
            REQUIRE_FALSE(opened.error);
            CHECK(opened.opened.superseded);
            CHECK(opened.opened.id == sealed.sealed.id);
            CHECK(difference(opened.bytes, object) == "");
        }
    }
    SECTION("but not beyond") {
        envelopes.resize(16, envelopes[0]);
        envelopes.push_back(sealed.sealed.envelope);
        CHECK(gate.open(transfer_syntax, sealed.bytes, envelopes).error);
    }
}

TEST_CASE("an object without pixels is known by the block in it") {
    Gate gate;
    const Bytes object = image_header(true, 8, 8).element(0x7FE00010, "OW", "").bytes;
    const auto sealed = gate.seal(explicit_le, object);
    const auto other = gate.seal(explicit_le, object);
    const auto opened = gate.open(explicit_le, sealed.bytes, {other.sealed.envelope, sealed.sealed.envelope});
    REQUIRE_FALSE(opened.error);
    CHECK(difference(opened.bytes, object) == "");
    CHECK(opened.opened.superseded);
    CHECK(gate.open(explicit_le, sealed.bytes, {other.sealed.envelope}).error == errc::tampered);
    CHECK(gate.open(explicit_le, object, {sealed.sealed.envelope}).error == errc::not_sealed);
}
