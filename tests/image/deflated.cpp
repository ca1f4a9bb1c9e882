// Objects in Deflated Explicit VR Little Endian, sealed and opened.

#include "tests/image/deflated.hpp"

#include <catch2/catch.hpp>

#include "gateway/image/error.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/pixels.hpp"
#include "tests/image/real_files.hpp"
#include "tests/support/leak.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

Bytes inflated_whole(ByteView stream) {
    auto data_set = inflated(stream, 1 << 28);
    REQUIRE(data_set.has_value());
    return std::move(*data_set);
}

Bytes pixels_of(const Bytes& data_set) {
    Bytes pixels;
    for (const Range range : pixel_ranges({true}, data_set))
        append(pixels, ByteView(data_set).subspan(range.offset, range.length));
    return pixels;
}

/// Deflated on both ways, and as an archive returns it that stores it inflated.
void check_round_trip(Gate& gate, const Bytes& data_set, const Bytes& stream, std::size_t piece) {
    INFO("pieces of " << piece);
    const auto sealed = gate.seal(deflated_le, stream, piece);
    INFO(sealed.detail);
    REQUIRE_FALSE(sealed.error);
    CHECK(sealed.bytes.size() % 2 == 0);
    const Bytes stored = inflated_whole(sealed.bytes);
    CHECK_FALSE(judge::common_run(pixels_of(data_set), pixels_of(stored), 1));
    for (const bool stays_deflated : {true, false}) {
        const auto opened =
            gate.open(stays_deflated ? deflated_le : explicit_le, stays_deflated ? sealed.bytes : stored,
                      {sealed.sealed.envelope}, piece);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(opened.released);
        CHECK(opened.opened.units == sealed.sealed.units);
        CHECK(opened.opened.differing.empty());
        CHECK(opened.opened.identifiers.sop_instance == sealed.sealed.identifiers.sop_instance);
        CHECK(difference(stays_deflated ? inflated_whole(opened.bytes) : opened.bytes, data_set) == "");
    }
}

SealedObject sealed_image(Gate& gate) {
    auto sealed = gate.seal(deflated_le, deflated(native_image(true).bytes));
    REQUIRE_FALSE(sealed.error);
    return sealed;
}

}  // namespace

TEST_CASE("a real deflated image is sealed and opened, element for element") {
    const RealFile& file = deflated_file("image_dfl.dcm");
    const Bytes data_set = inflated_whole(file.data_set);
    Gate gate;
    gate.identity.sop_instance_uid.clear();
    const auto reader = make_reader(deflated_le);
    ByteCollector out;
    REQUIRE(reader->push(file.data_set, out).has_value());
    REQUIRE(reader->finish().has_value());
    CHECK(out.collected == file.data_set);
    gate.identity.sop_instance_uid = reader->identifiers().sop_instance.value().str();
    CHECK(pixels_of(data_set).size() == 512 * 512);
    for (const std::size_t piece : {uncut, std::size_t{1}, std::size_t{4096}, std::size_t{0}})
        check_round_trip(gate, data_set, file.data_set, piece);
}

TEST_CASE("several units of a deflated object, in pieces of every size") {
    Gate gate;
    const Bytes data_set = native_image(true).bytes;
    for (const std::size_t piece : {uncut, std::size_t{7}, std::size_t{4096}, std::size_t{0}})
        check_round_trip(gate, data_set, deflated(data_set), piece);
}

TEST_CASE("an object that was sealed inflated may come back deflated") {
    Gate gate;
    const Bytes data_set = native_image(true).bytes;
    const auto sealed = gate.seal(explicit_le, data_set);
    const auto opened = gate.open(deflated_le, deflated(sealed.bytes), {sealed.sealed.envelope}, 4096);
    REQUIRE_FALSE(opened.error);
    CHECK(inflated_whole(opened.bytes) == data_set);
}

TEST_CASE("what is sealed is an object in the deflated transfer syntax, of native pixels") {
    Gate gate;
    const auto sealed = sealed_image(gate);
    const auto object = codec::ObjectOpener::begin(sealed.sealed.envelope, gate.keys,
                                                   codec::Catalogue::built_in(), gate.identity);
    REQUIRE(object);
    CHECK((*object)->description().transfer_syntax == "1.2.840.10008.1.2.1.99");
    CHECK((*object)->description().bound.encapsulated_transfer_syntax.empty());
}

TEST_CASE("fragments in a deflated object are refused") {
    const auto sealed = Gate().seal(deflated_le, deflated(encapsulated_image().bytes));
    CHECK(sealed.error == errc::wrong_encapsulation);
}

TEST_CASE("a deflated data set without pixels, or without anything") {
    for (const Bytes& data_set : {Bytes(), image_header(true, 8, 8).bytes}) {
        const auto sealed = Gate().seal(deflated_le, deflated(data_set), 1);
        REQUIRE_FALSE(sealed.error);
        CHECK(sealed.sealed.nothing_to_seal);
        CHECK(inflated_whole(sealed.bytes) == data_set);
    }
    CHECK(Gate().seal(deflated_le, {}).error == errc::malformed);  // no stream at all
}

TEST_CASE("nothing that is written before the end is an object") {
    Gate gate;
    const Bytes stream = deflated(native_image(true).bytes);
    const auto is_complete = [](const Bytes& written) { return inflated(written, 1 << 28).has_value(); };

    const auto sealer =
        make_sealer({deflated_le, gate.identity, {"gate-1", "CT1", 1}, &gate.codec}, gate.keys);
    ByteCollector out;
    REQUIRE(sealer->push(stream, out).has_value());
    CHECK(out.collected.size() > 500'000);  // it streams
    CHECK_FALSE(is_complete(out.collected));
    const auto sealed = sealer->finish(out);
    REQUIRE(sealed.has_value());
    CHECK(is_complete(out.collected));

    // An object of which the last unit is missing.
    codec::Catalogue allowed;
    (void)allowed.add(gate.codec);
    const Bytes data_set = inflated_whole(out.collected);
    const Range pixels = pixel_ranges({true}, data_set).at(0);
    const Bytes cut = deflated(ByteView(data_set).first(pixels.offset + pixels.length - 1));
    const auto opener = make_opener({deflated_le, gate.identity, {sealed->envelope}, allowed}, gate.keys);
    ByteCollector opened;
    REQUIRE(opener->push(cut, opened).has_value());
    CHECK(opener->released());
    CHECK(opener->finish(opened).error() == errc::malformed);
    CHECK_FALSE(is_complete(opened.collected));
}

TEST_CASE("one changed byte of sealed pixels under the deflation does not open") {
    Gate gate;
    const auto sealed = sealed_image(gate);
    Bytes data_set = inflated_whole(sealed.bytes);
    const Range pixels = pixel_ranges({true}, data_set).at(0);
    for (const std::size_t at : {std::size_t{0}, pixels.length / 2, pixels.length - 1}) {
        Bytes changed = data_set;
        changed[pixels.offset + at] ^= 1;
        const auto opened = gate.open(deflated_le, deflated(changed), {sealed.sealed.envelope}, 4096);
        CHECK(opened.error == errc::tampered);
        CHECK_FALSE(inflated(opened.bytes, 1 << 28).has_value());
        CHECK(opened.released == (at != 0));
    }
}

TEST_CASE("a deflated stream that breaks on the way back, at many bytes") {
    Gate gate;
    const auto sealed = sealed_image(gate);
    for (std::size_t length = 0; length + 2 < sealed.bytes.size(); length += 40'009) {
        const Bytes cut(sealed.bytes.begin(), sealed.bytes.begin() + static_cast<std::ptrdiff_t>(length));
        const auto opened = gate.open(deflated_le, cut, {sealed.sealed.envelope}, 0);
        CHECK(opened.error == errc::malformed);
        CHECK(opened.detail != "");
    }
    Bytes longer = sealed.bytes;
    append(longer, Bytes(2, 0));
    CHECK(gate.open(deflated_le, longer, {sealed.sealed.envelope}).error == errc::malformed);
}

TEST_CASE("what is wrong inside of the stream is said as it is without deflation") {
    DataSet data = image_header(true, 8, 8);
    data.us(0x00280010, 1);  // out of order
    Gate gate;
    const auto native = gate.seal(explicit_le, data.bytes);
    const auto sealed = gate.seal(deflated_le, deflated(data.bytes), 3);
    CHECK(sealed.error == native.error);
    CHECK(sealed.error == errc::malformed);
    CHECK(sealed.detail == native.detail);
}
