// Objects that were sealed more than once, and not always alike; and what a returned object may have become.

#include <catch2/catch.hpp>

#include "gateway/image/error.hpp"
#include "tests/image/objects.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

/// Its private value is sealed from 256 bytes on.
Bytes with_private_value(std::size_t size) {
    DataSet data(true);
    data.uid(0x00080018, "1.2.3.4").element(0x00090010, "LO", "ACME").element(0x00091001, "OB", noise(size));
    data.us(0x00280010, 2).us(0x00280011, 2).us(0x00280100, 16).element(0x7FE00010, "OW", noise(8));
    return data.bytes;
}

}  // namespace

TEST_CASE("a value that only one of several envelopes names opens with the right one") {
    Gate gate;
    for (const std::size_t piece : piece_sizes) {
        const auto small = gate.seal(explicit_le, with_private_value(200));
        const auto large = gate.seal(explicit_le, with_private_value(300'000));
        const std::vector<Bytes> envelopes = {large.sealed.envelope, small.sealed.envelope};
        for (const auto& [sealed, size] : {std::pair(&small, 200), std::pair(&large, 300'000)}) {
            const auto opened = gate.open(explicit_le, sealed->bytes, envelopes, piece);
            INFO(size << " bytes, pieces of " << piece << ": " << opened.detail);
            REQUIRE_FALSE(opened.error);
            CHECK(opened.opened.id == sealed->sealed.id);
            CHECK(difference(opened.bytes, with_private_value(static_cast<std::size_t>(size))) == "");
        }
    }
}

TEST_CASE("a long header opens with several envelopes, too") {
    Gate gate;
    DataSet data(true);
    data.uid(0x00080018, "1.2.3.4").element(0x00291001, "UT", std::string(3'000'000, 'x'));
    data.element(0x7FE00010, "OW", noise(8));
    const auto old = gate.seal(explicit_le, data.bytes), current = gate.seal(explicit_le, data.bytes);
    const auto opened = gate.open(explicit_le, old.bytes, {current.sealed.envelope, old.sealed.envelope}, 0);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.superseded);
    CHECK(difference(opened.bytes, data.bytes) == "");
}

TEST_CASE("a sequence that no dictionary knows is found again in Implicit VR") {
    Gate gate;
    constexpr std::uint32_t unknown = 0x00189FFE;
    const auto with = [](bool explicit_vr, const Bytes& pixels) {
        DataSet data = DataSet(explicit_vr).uid(0x00080018, "1.2.3.4");
        DataSet item(explicit_vr);
        item.us(0x00280106, 5).element(0x7FE00010, "OW", pixels);
        append(data.bytes, sequence_of({explicit_vr}, unknown, item.bytes, true));
        return data.bytes;
    };
    const Bytes object = with(true, noise(20));
    const auto sealed = gate.seal(explicit_le, object);
    REQUIRE_FALSE(sealed.error);
    const Bytes pixels(sealed.bytes.begin() + static_cast<std::ptrdiff_t>(object.size() - 20),
                       sealed.bytes.begin() + static_cast<std::ptrdiff_t>(object.size()));
    Bytes returned = with(false, pixels);
    const Bytes five = DataSet(false).us(0x00280106, 5).bytes, zero = DataSet(false).us(0x00280106, 0).bytes;
    const auto at = std::search(returned.begin(), returned.end(), five.begin(), five.end());
    std::copy(zero.begin(), zero.end(), at);
    const auto opened = gate.open(implicit_le, returned, {sealed.sealed.envelope}, 3);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.missing.empty());
    CHECK(difference(opened.bytes, with(false, noise(20))) == "");
}

TEST_CASE("a private sequence that is the first element comes back as UN") {
    Gate gate;
    constexpr std::uint32_t first = 0x00071010;
    const Bytes item = DataSet(false).element(0x7FE00010, "OW", noise(20)).bytes;
    Bytes object = sequence_of({false}, first, item, true);
    append(object, DataSet(false).uid(0x00080018, "1.2.3.4").bytes);
    const auto sealed = gate.seal(implicit_le, object);
    REQUIRE_FALSE(sealed.error);
    const auto with = [&](const Bytes& bytes) {
        return DataSet(true)
            .element(first, "UN", ByteView(bytes).subspan(8, item.size() + 8))
            .uid(0x00080018, "1.2.3.4")
            .bytes;
    };
    const auto opened = gate.open(explicit_le, with(sealed.bytes), {sealed.sealed.envelope}, 5);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.missing.empty());
    CHECK(difference(opened.bytes, with(object)) == "");
}

TEST_CASE("an odd number of pixels that an archive turns around with their padding") {
    Gate gate;
    const auto with = [](Encoding encoding, const Bytes& pixels) {
        DataSet data(encoding);
        data.uid(0x00080018, "1.2.3.4").us(0x00280002, 1).us(0x00280010, 3).us(0x00280011, 3);
        data.us(0x00280100, 8).us(0x00280101, 8).us(0x00280102, 7).element(0x7FE00010, "OW", pixels);
        return data.bytes;
    };
    const auto swapped = [](Bytes bytes) {
        swap_words(bytes, 2);
        return bytes;
    };
    const Bytes object = with({true}, noise(10));
    const auto sealed = gate.seal(explicit_le, object);
    REQUIRE_FALSE(sealed.error);
    const Bytes pixels(sealed.bytes.begin() + static_cast<std::ptrdiff_t>(object.size() - 10),
                       sealed.bytes.begin() + static_cast<std::ptrdiff_t>(object.size()));
    for (const std::size_t piece : piece_sizes) {
        const auto opened =
            gate.open(explicit_be, with({true, true}, swapped(pixels)), {sealed.sealed.envelope}, piece);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(difference(opened.bytes, with({true, true}, swapped(noise(10)))) == "");
    }
}

TEST_CASE("what an object claims to change does not fill the memory") {
    Gate gate;
    const SealParameters parameters{explicit_le, gate.identity, {"gate-1", "CT1", 1}, &gate.codec, true};
    const auto sealer = make_sealer(parameters, gate.keys);
    ByteCollector out;
    REQUIRE(sealer->push(DataSet(true).us(0x00280010, 2).bytes, out));
    const std::string lengths(4'000'000, 'x');
    std::size_t taken = 0;
    for (std::uint32_t group = 0x0030; group < 0x0100; group += 2, ++taken)
        if (!sealer->push(DataSet(true).element(group << 16, "OB", lengths).bytes, out)) break;
    CHECK(taken < 20);
    CHECK(sealer->finish(out).error() == errc::not_sealable);
}
