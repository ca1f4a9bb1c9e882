// What comes out of a Sealer, element by element.

#include "gateway/image/seal.hpp"

#include <catch2/catch.hpp>
#include <functional>

#include "gateway/image/block.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/open.hpp"
#include "tests/image/deflated.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/pixels.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const Bytes creator = Bytes{'P', 'O', 'R', 'T', 'C', 'U', 'L', 'L', 'I', 'S'};

/// The sealed pixels in the place of the original ones: what has to come out if nothing else changed.
Bytes with_pixels_of(Bytes original, const Bytes& sealed, bool explicit_vr) {
    for (const Range range : pixel_ranges({explicit_vr}, original)) {
        REQUIRE(range.offset + range.length <= sealed.size());
        std::copy_n(sealed.begin() + static_cast<std::ptrdiff_t>(range.offset), range.length,
                    original.begin() + static_cast<std::ptrdiff_t>(range.offset));
    }
    return original;
}

/// Group 7FE1 of the sealed object, given what the original has of it.
Bytes sealed_group(bool explicit_vr, const Bytes& group, Bytes& envelope) {
    Gate gate;
    Bytes object = native_image(explicit_vr).bytes;
    const std::size_t before = object.size();
    append(object, group);
    const auto result = gate.seal(explicit_vr ? explicit_le : implicit_le, object);
    INFO(result.detail);
    REQUIRE_FALSE(result.error);
    envelope = result.sealed.envelope;
    return Bytes(result.bytes.begin() + static_cast<std::ptrdiff_t>(before), result.bytes.end());
}

}  // namespace

TEST_CASE("pixels are encrypted in place, the envelope follows, everything else is the same") {
    for (const bool explicit_vr : {false, true}) {
        Gate gate;
        const Bytes object = native_image(explicit_vr).bytes;
        const auto result = gate.seal(explicit_vr ? explicit_le : implicit_le, object);
        REQUIRE_FALSE(result.error);
        CHECK(result.sealed.units == 3);
        CHECK(result.sealed.regions == 1);
        CHECK_FALSE(result.sealed.nothing_to_seal);
        DataSet expected(explicit_vr);
        expected.bytes = with_pixels_of(object, result.bytes, explicit_vr);
        CHECK_FALSE(difference(expected.bytes, object).empty());
        expected.element(0x7FE100FE, "LO", creator).element(0x7FE1FE01, "OB", result.sealed.envelope);
        CHECK(difference(result.bytes, expected.bytes) == "");
        CHECK(result.sealed.envelope.size() % 2 == 0);
        CHECK(codec::envelope_id(result.sealed.envelope).operator*() == result.sealed.id);
    }
}

TEST_CASE("every fragment is a region; offset table and items stay") {
    Gate gate;
    const Bytes object = encapsulated_image().bytes;
    const auto result = gate.seal(jpeg, object);
    REQUIRE_FALSE(result.error);
    CHECK(result.sealed.regions == 4);
    CHECK(result.sealed.units == 4);
    DataSet expected(true);
    expected.bytes = with_pixels_of(object, result.bytes, true);
    CHECK_FALSE(difference(expected.bytes, object).empty());
    expected.element(0x7FE100FE, "LO", creator).element(0x7FE1FE01, "OB", result.sealed.envelope);
    CHECK(difference(result.bytes, expected.bytes) == "");
}

TEST_CASE("the padding of an odd number of pixel bytes passes") {
    Gate gate;
    DataSet data(true);
    data.uid(0x00080018, "1.2.3.4").us(0x00280002, 1).us(0x00280010, 3).us(0x00280011, 3);
    data.us(0x00280100, 8).element(0x7FE00010, "OW", Bytes(10, 0xAB));
    const auto result = gate.seal(explicit_le, data.bytes);
    REQUIRE_FALSE(result.error);
    const Range value = pixel_ranges({true}, result.bytes).at(0);
    CHECK(result.bytes[value.offset + 9] == 0xAB);
    CHECK(Bytes(9, 0xAB) != Bytes(result.bytes.begin() + static_cast<std::ptrdiff_t>(value.offset),
                                  result.bytes.begin() + static_cast<std::ptrdiff_t>(value.offset + 9)));
}

TEST_CASE("an object without pixel data passes byte for byte") {
    Gate gate;
    DataSet data(true);
    data.uid(0x00080018, "1.2.3.4").element(0x7FE10000, "UL", Bytes{4, 0, 0, 0});
    data.element(0x7FE10010, "LO", "VENDOR").element(0x7FE11001, "OB", Bytes(200, 1));
    data.element(0xFFFCFFFC, "OB", Bytes(6, 0));
    gate.keys.usable = false;  // not needed
    for (const std::size_t piece : piece_sizes) {
        const auto result = gate.seal(explicit_le, data.bytes, piece);
        REQUIRE_FALSE(result.error);
        CHECK(result.sealed.nothing_to_seal);
        CHECK(result.sealed.envelope.empty());
        CHECK(difference(result.bytes, data.bytes) == "");
    }
}

TEST_CASE("keys, made ahead or when there is something to seal, leave no trace where nothing is") {
    Gate gate;
    ByteCollector out;
    const SealParameters parameters{explicit_le, some_object, {}, &portcullis::test::built_in("none")};
    const auto finish = [&](Sealer& sealer, const Bytes& data) {
        if (const auto pushed = sealer.push(data, out); !pushed) return Result<Sealed>(pushed.error());
        return sealer.finish(out);
    };
    const auto fresh = [&] { return std::move(*codec::FreshKeys::make(gate.keys, *parameters.codec)); };
    SECTION("no key: told when there are pixels") {
        const auto sealer = make_sealer(parameters, gate.keys);
        gate.keys.usable = false;
        const auto sealed = finish(*sealer, native_image(true).bytes);
        REQUIRE_FALSE(sealed.has_value());
        CHECK(sealed.error() == errc::sealing_failed);
    }
    SECTION("no key: not told where there are none") {
        const auto sealer = make_sealer(parameters, gate.keys);
        gate.keys.usable = false;
        DataSet data(true);
        data.uid(0x00080018, "1.2.3.4").element(0x7FE10010, "LO", "VENDOR");
        const auto sealed = finish(*sealer, data.bytes);
        REQUIRE(sealed.has_value());
        CHECK(sealed->nothing_to_seal);
        CHECK(difference(out.collected, data.bytes) == "");
    }
    SECTION("a key: nothing is added where there is nothing to seal") {
        const auto sealer = make_sealer(parameters, gate.keys, fresh());
        DataSet data(true);
        data.uid(0x00080018, "1.2.3.4").element(0x7FE10010, "LO", "VENDOR");
        data.element(0x7FE11001, "OB", Bytes(200, 1));
        const auto sealed = finish(*sealer, data.bytes);
        REQUIRE(sealed.has_value());
        CHECK(sealed->nothing_to_seal);
        CHECK(difference(out.collected, data.bytes) == "");
    }
    SECTION("pixels are sealed under the key that was made") {
        const bool compressed = GENERATE(false, true);
        const auto& syntax = compressed ? deflated_le : explicit_le;
        const auto sealer = make_sealer({syntax, some_object, {}, parameters.codec}, gate.keys, fresh());
        REQUIRE(gate.keys.last_dek);
        gate.keys.last_dek.reset();
        const Bytes data = native_image(true).bytes;
        const auto sealed = finish(*sealer, compressed ? deflated(data) : data);
        REQUIRE(sealed.has_value());
        CHECK(sealed->units == 3);
        CHECK(*codec::envelope_id(sealed->envelope) == sealed->id);
        CHECK_FALSE(gate.keys.last_dek);
    }
}

TEST_CASE("float and double pixels are sealed too") {
    const auto tag = GENERATE(0x7FE00008u, 0x7FE00009u);
    Gate gate;
    DataSet data = image_header(true, 8, 8);
    data.element(tag, tag == 0x7FE00008 ? "OF" : "OD", noise(1024));
    const auto result = gate.seal(explicit_le, data.bytes);
    REQUIRE_FALSE(result.error);
    CHECK(result.sealed.units == 1);
    CHECK(with_pixels_of(data.bytes, result.bytes, true) != data.bytes);
}

TEST_CASE("empty pixel data has an envelope and no units") {
    Gate gate;
    const auto result = gate.seal(explicit_le, image_header(true, 8, 8).element(0x7FE00010, "OW", "").bytes);
    REQUIRE_FALSE(result.error);
    CHECK_FALSE(result.sealed.nothing_to_seal);
    CHECK(result.sealed.units == 0);
}

TEST_CASE("the block stands in the order of tags, in the highest free number") {
    const bool explicit_vr = GENERATE(false, true);
    Bytes envelope;
    DataSet group(explicit_vr), expected(explicit_vr);
    SECTION("between another vendor's elements and what follows the group") {
        group.element(0x7FE10010, "LO", "VENDOR").element(0x7FE11001, "OB", "data");
        group.element(0x7FE1FF01, "OB", "orphan").element(0xFFFCFFFC, "OB", Bytes(4, 0));
        const Bytes sealed = sealed_group(explicit_vr, group.bytes, envelope);
        expected.element(0x7FE10010, "LO", "VENDOR").element(0x7FE100FE, "LO", creator);
        expected.element(0x7FE11001, "OB", "data").element(0x7FE1FE01, "OB", envelope);
        expected.element(0x7FE1FF01, "OB", "orphan").element(0xFFFCFFFC, "OB", Bytes(4, 0));
        CHECK(difference(sealed, expected.bytes) == "");
    }
    SECTION("below those that are taken at the top") {
        group.element(0x7FE10011, "LO", "A ").element(0x7FE100FD, "LO", "B ").element(0x7FE100FE, "LO", "C ");
        group.element(0x7FE1FD01, "OB", "data");
        const Bytes sealed = sealed_group(explicit_vr, group.bytes, envelope);
        expected.element(0x7FE10011, "LO", "A ").element(0x7FE100FC, "LO", creator);
        expected.element(0x7FE100FD, "LO", "B ").element(0x7FE100FE, "LO", "C ");
        expected.element(0x7FE1FC01, "OB", envelope).element(0x7FE1FD01, "OB", "data");
        CHECK(difference(sealed, expected.bytes) == "");
    }
    SECTION("below one of ours that is there, wherever it is") {
        group.element(0x7FE10012, "LO", "A ")
            .element(0x7FE10022, "LO", creator)
            .element(0x7FE12201, "OB", "id");
        const Bytes sealed = sealed_group(explicit_vr, group.bytes, envelope);
        expected.element(0x7FE10012, "LO", "A ").element(0x7FE10021, "LO", creator);
        expected.element(0x7FE10022, "LO", creator).element(0x7FE12101, "OB", envelope);
        expected.element(0x7FE12201, "OB", "id");
        CHECK(difference(sealed, expected.bytes) == "");
    }
    SECTION("and the length of the group, not true any more, is dropped") {
        group.element(0x7FE10000, "UL", Bytes{4, 0, 0, 0}).element(0x7FE10010, "LO", "A ");
        const Bytes sealed = sealed_group(explicit_vr, group.bytes, envelope);
        expected.element(0x7FE10010, "LO", "A ").element(0x7FE100FE, "LO", creator);
        expected.element(0x7FE1FE01, "OB", envelope);
        CHECK(difference(sealed, expected.bytes) == "");
    }
    SECTION("also when nearly all are taken") {
        for (std::uint32_t block = 0x11; block <= 0xFE; ++block)
            group.element(0x7FE10000 + block, "LO", "V ");
        const Bytes sealed = sealed_group(explicit_vr, group.bytes, envelope);
        expected.element(0x7FE10010, "LO", creator);
        append(expected.bytes, group.bytes);
        expected.element(0x7FE11001, "OB", envelope);
        CHECK(difference(sealed, expected.bytes) == "");
    }
}

TEST_CASE("objects that cannot be sealed") {
    Gate gate;
    DataSet data = native_image(true);
    SECTION("every block of the group is taken") {
        for (std::uint32_t block = 0x10; block <= 0xFE; ++block) data.element(0x7FE10000 + block, "LO", "V ");
        CHECK(gate.seal(explicit_le, data.bytes).error == errc::not_sealable);
    }
    SECTION("no block is free below one of ours") {
        data.element(0x7FE10010, "LO", creator);
        CHECK(gate.seal(explicit_le, data.bytes).error == errc::not_sealable);
    }
    SECTION("the place of the envelope is taken by an orphan") {
        data.element(0x7FE1FE01, "OB", "orphan");
        CHECK(gate.seal(explicit_le, data.bytes).error == errc::not_sealable);
    }
    SECTION("creators that are none, because of their length") {
        data.element(0x7FE10010, "UN", Bytes(70'000, 0));
        CHECK(gate.seal(explicit_le, data.bytes).error == errc::malformed);
    }
    SECTION("keys are not available") {
        gate.keys.usable = false;
        const auto result = gate.seal(explicit_le, data.bytes);
        CHECK(result.error == errc::sealing_failed);
        CHECK(result.detail == "key_unavailable");
        CHECK(result.bytes.size() < 400);  // not one pixel went out
    }
    SECTION("Pixel Data twice") {
        data.element(0x7FE00010, "OW", "ab");
        CHECK(gate.seal(explicit_le, data.bytes).error == errc::duplicate_pixel_data);
    }
    SECTION("the end is missing") {
        data.bytes.pop_back();
        CHECK(gate.seal(explicit_le, data.bytes).error == errc::malformed);
    }
}

TEST_CASE("pixels that are not encoded as the transfer syntax says") {
    Gate gate;
    CHECK(gate.seal(explicit_le, encapsulated_image().bytes).error == errc::wrong_encapsulation);
    CHECK(gate.seal(jpeg, native_image(true).bytes).error == errc::wrong_encapsulation);
    DataSet implicit = image_header(false, 8, 8);
    implicit.header(0x7FE00010, "OB", undefined).fragment({}).fragment(Bytes(4, 1)).end_sequence();
    CHECK(gate.seal(implicit_le, implicit.bytes).error == errc::wrong_encapsulation);
    DataSet sequence = image_header(true, 8, 8);
    sequence.header(0x7FE00010, "SQ", 0);
    CHECK(gate.seal(jpeg, sequence.bytes).error == errc::wrong_encapsulation);
}

TEST_CASE("an error stays, and nothing more goes out") {
    Gate gate;
    const SealParameters parameters{explicit_le, some_object, {}, &portcullis::test::built_in("none")};
    const auto sealer = make_sealer(parameters, gate.keys);
    ByteCollector out;
    const auto malformed = sealer->push(Bytes(12, 0xFF), out);
    REQUIRE_FALSE(malformed);
    const std::size_t written = out.collected.size();
    CHECK(sealer->push(native_image(true).bytes, out).error() == malformed.error());
    CHECK(sealer->finish(out).error() == malformed.error());
    CHECK(out.collected.size() == written);
    CHECK_FALSE(sealer->failure_detail().empty());
}

TEST_CASE("identifiers are known once the series has passed, however the bytes are cut") {
    Gate gate;
    const Bytes object = native_image(true).bytes;
    const SealParameters parameters{explicit_le, some_object, {}, &portcullis::test::built_in("none")};
    const auto sealer = make_sealer(parameters, gate.keys);
    ByteCollector out;
    std::size_t taken = 0;
    while (!sealer->identifiers().complete && taken < object.size())
        REQUIRE(sealer->push(ByteView(object).subspan(taken++, 1), out));
    CHECK(taken < 160);
    const Identifiers& identifiers = sealer->identifiers();
    CHECK(identifiers.sop_class->str() == "1.2.840.10008.5.1.4.1.1.2");
    CHECK(identifiers.sop_instance->str() == "1.2.3.4");
    CHECK(identifiers.study->str() == "1.2.8");
    CHECK(identifiers.series->str() == "1.2.9");
    CHECK(identifiers.patient_id == "PAT 1");
}

TEST_CASE("modality and institution are known once the department has passed, without padding") {
    const auto described = [](const std::function<void(DataSet&)>& add, bool finish = false) {
        DataSet data(true);
        data.uid(0x00080016, "1.2.3").uid(0x00080018, "1.2.3.4");
        add(data);
        const auto reader = make_reader(explicit_le);
        ByteCollector out;
        for (const auto byte : data.bytes) REQUIRE(reader->push({&byte, 1}, out));
        if (finish) REQUIRE(reader->finish());
        return reader->identifiers();
    };
    const auto all = described([](DataSet& data) {
        data.element(0x00080060, "CS", " CT ").element(0x00080080, "LO", "City ");
        data.element(0x00081040, "LO", "Radiology ");
    });
    CHECK(all.described);
    CHECK_FALSE(all.complete);
    CHECK(all.modality == "CT");
    CHECK(all.institution == "City");
    CHECK(all.department == "Radiology");

    const auto modality_only = [](DataSet& data) { data.element(0x00080060, "CS", "MR"); };
    CHECK_FALSE(described(modality_only).described);
    CHECK(described(modality_only, true).described);
    CHECK(described(modality_only, true).modality == "MR");
    const auto passed = described([&](DataSet& data) {
        modality_only(data);
        data.element(0x00100010, "PN", "A ");
    });
    CHECK(passed.described);
    CHECK(passed.department.empty());
    const auto nested = described([](DataSet& data) {
        const Bytes item = {0xFE, 0xFF, 0x00, 0xE0, 10,  0, 0, 0,   0x08,
                            0x00, 0x60, 0x00, 'C',  'S', 2, 0, 'C', 'T'};
        data.element(0x00081140, "SQ", item);
    });
    CHECK(nested.described);
    CHECK(nested.modality.empty());
}
