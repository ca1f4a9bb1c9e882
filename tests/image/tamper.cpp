// What must not open.

#include <catch2/catch.hpp>

#include "gateway/image/block.hpp"
#include "gateway/image/error.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/pixels.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

constexpr std::size_t block_header = 8 + 10 + 12;  // creator element, header of the envelope

/// The sealed object as an archive returns it that drops private elements.
Bytes without_block(const SealedObject& sealed) {
    return Bytes(
        sealed.bytes.begin(),
        sealed.bytes.end() - static_cast<std::ptrdiff_t>(block_header + sealed.sealed.envelope.size()));
}

/// The answer to `returned`, the same in one piece and in small ones; no byte of pixels goes out unless it
/// has verified.
ErrorCode answer(Gate& gate, const TransferSyntax& transfer_syntax, const Bytes& returned,
                 const std::vector<Bytes>& envelopes, std::string* detail = nullptr) {
    const auto whole = gate.open(transfer_syntax, returned, envelopes);
    const auto pieces = gate.open(transfer_syntax, returned, envelopes, 997);
    CHECK(whole.error == pieces.error);
    CHECK(whole.detail == pieces.detail);
    CHECK(whole.released == pieces.released);
    if (whole.released) CHECK(difference(whole.bytes, pieces.bytes) == "");
    if (detail) *detail = whole.detail;
    return whole.error;
}

void replace(Bytes& bytes, const Bytes& was, const Bytes& is) {
    const auto at = std::search(bytes.begin(), bytes.end(), was.begin(), was.end());
    REQUIRE(at != bytes.end());
    Bytes replaced(bytes.begin(), at);
    append(replaced, is);
    replaced.insert(replaced.end(), at + static_cast<std::ptrdiff_t>(was.size()), bytes.end());
    bytes = std::move(replaced);
}

}  // namespace

TEST_CASE("one flipped bit in any unit, and only that unit and what follows is held back") {
    Gate gate;
    const bool native = GENERATE(true, false);
    const TransferSyntax& transfer_syntax = native ? explicit_le : jpeg;
    const auto sealed =
        gate.seal(transfer_syntax, native ? native_image(true).bytes : encapsulated_image().bytes);
    std::size_t unit = 0;
    for (const Range range : pixel_ranges({true}, sealed.bytes)) {
        for (std::size_t at = 0; at < range.length; at += codec::unit_size, ++unit) {
            INFO("unit " << unit);
            Bytes returned = sealed.bytes;
            returned[range.offset + at + 1] ^= 0x10;
            std::string detail;
            CHECK(answer(gate, transfer_syntax, returned, {sealed.sealed.envelope}, &detail) ==
                  errc::tampered);
            CHECK(detail == "unit " + std::to_string(unit + 1) + " of " +
                                std::to_string(sealed.sealed.units) + " does not verify");
            const auto opened = gate.open(transfer_syntax, returned, {sealed.sealed.envelope});
            CHECK(opened.bytes.size() <= range.offset + at);
            CHECK(opened.released == (unit > 0));
        }
    }
    CHECK(unit == sealed.sealed.units);
}

TEST_CASE("pixels of another object") {
    Gate first, second;
    second.identity.sop_instance_uid = "1.2.3.5";
    const auto a = first.seal(explicit_le, native_image(true).bytes);
    const auto b = second.seal(explicit_le, native_image(true).bytes);
    const Range pixels = pixel_ranges({true}, a.bytes).at(0);
    Bytes returned = a.bytes;
    std::copy_n(b.bytes.begin() + static_cast<std::ptrdiff_t>(pixels.offset), pixels.length,
                returned.begin() + static_cast<std::ptrdiff_t>(pixels.offset));
    CHECK(answer(first, explicit_le, returned, {a.sealed.envelope}) == errc::tampered);
    SECTION("with its envelope") {
        CHECK(answer(first, explicit_le, b.bytes, {b.sealed.envelope}) == errc::tampered);
    }
    SECTION("of another class") {
        first.identity.sop_class_uid = "1.2.840.10008.5.1.4.1.1.4";
        CHECK(answer(first, explicit_le, a.bytes, {a.sealed.envelope}) == errc::tampered);
    }
    SECTION("of another tenant") {
        first.identity.tenant = "elsewhere";
        CHECK(answer(first, explicit_le, a.bytes, {a.sealed.envelope}) == errc::tampered);
    }
}

TEST_CASE("the instance that came is not the one of the command") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    gate.identity.sop_instance_uid = "1.2.3.5";
    CHECK(answer(gate, explicit_le, sealed.bytes, {sealed.sealed.envelope}) == errc::wrong_instance);
}

TEST_CASE("an image attribute that says how pixels are read was changed") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    Bytes returned = sealed.bytes;
    const auto text = [](std::string_view letters) { return Bytes(letters.begin(), letters.end()); };
    const auto us = [](std::uint32_t tag, std::uint16_t value) { return DataSet(true).us(tag, value).bytes; };
    SECTION("rows and columns swapped") {
        replace(returned, us(0x00280010, 700), us(0x00280010, 512));
        replace(returned, us(0x00280011, 512), us(0x00280011, 700));
    }
    SECTION("more frames") {
        Bytes frames = DataSet(true).element(0x00280008, "IS", "2 ").bytes;
        append(frames, us(0x00280010, 700));
        replace(returned, us(0x00280010, 700), frames);
    }
    SECTION("inverted") {
        replace(returned, text("MONOCHROME2"), text("MONOCHROME1"));
    }
    SECTION("signed") {
        replace(returned, us(0x00280103, 0), us(0x00280103, 1));
    }
    SECTION("fewer bits") {
        replace(returned, us(0x00280101, 16), us(0x00280101, 8));
    }
    SECTION("an attribute removed") {
        replace(returned, us(0x00280102, 15), {});
    }
    CHECK(answer(gate, explicit_le, returned, {sealed.sealed.envelope}) == errc::context_differs);
    CHECK_FALSE(gate.open(explicit_le, returned, {sealed.sealed.envelope}).released);
}

TEST_CASE("one frame may be said or left unsaid") {
    Gate gate;
    const Bytes one_frame = DataSet(true).element(0x00280008, "IS", " +1 ").bytes;
    DataSet object(true);
    object.uid(0x00080018, "1.2.3.4").element(0x00280008, "IS", " +1 ").element(0x7FE00010, "OW", noise(10));
    const auto sealed = gate.seal(explicit_le, object.bytes);
    Bytes returned = sealed.bytes, expected = object.bytes;
    replace(returned, one_frame, {});
    replace(expected, one_frame, {});
    const auto opened = gate.open(explicit_le, returned, {sealed.sealed.envelope});
    CHECK_FALSE(opened.error);
    CHECK(difference(opened.bytes, expected) == "");
}

TEST_CASE("pixels that are missing, cut or too many") {
    Gate gate;
    const auto sealed = gate.seal(jpeg, encapsulated_image().bytes);
    const Bytes header = image_header(true, 700, 512).bytes;
    const auto ranges = pixel_ranges({true}, sealed.bytes);
    const auto fragment = [&](std::size_t number, std::size_t cut = 0) {
        return ByteView(sealed.bytes).subspan(ranges[number].offset, ranges[number].length - cut);
    };
    DataSet returned(true);
    returned.bytes = header;
    returned.header(0x7FE00010, "OB", undefined).fragment(Bytes(12, 0));
    std::string detail;
    SECTION("a fragment less") {
        returned.fragment(fragment(0)).fragment(fragment(1)).fragment(fragment(2)).end_sequence();
        CHECK(answer(gate, jpeg, returned.bytes, {sealed.sealed.envelope}, &detail) == errc::tampered);
        CHECK(detail == "unit 4 of 4 is missing or incomplete");
    }
    SECTION("a fragment cut") {
        returned.fragment(fragment(0)).fragment(fragment(2, 2)).end_sequence();
        CHECK(answer(gate, jpeg, returned.bytes, {sealed.sealed.envelope}, &detail) == errc::tampered);
        CHECK(detail == "unit 3 of 4 is missing or incomplete");
    }
    SECTION("fragments in another order") {
        returned.fragment(fragment(2)).fragment(fragment(0)).fragment(fragment(3)).end_sequence();
        CHECK(answer(gate, jpeg, returned.bytes, {sealed.sealed.envelope}) == errc::not_sealed);
    }
    SECTION("a fragment more") {
        returned.fragment(fragment(0)).fragment(fragment(2)).fragment(fragment(3)).fragment(Bytes(2, 0));
        returned.end_sequence();
        CHECK(answer(gate, jpeg, returned.bytes, {sealed.sealed.envelope}, &detail) == errc::tampered);
        CHECK(detail == "more bytes than were sealed");
    }
    SECTION("no fragment at all") {
        returned.end_sequence();
        CHECK(answer(gate, jpeg, returned.bytes, {sealed.sealed.envelope}) == errc::not_sealed);
    }
    SECTION("no pixel data at all") {
        CHECK(answer(gate, jpeg, header, {sealed.sealed.envelope}) == errc::not_sealed);
    }
    SECTION("no pixel data, but the block") {
        Bytes block = header;
        block.insert(
            block.end(),
            sealed.bytes.end() - static_cast<std::ptrdiff_t>(block_header + sealed.sealed.envelope.size()),
            sealed.bytes.end());
        CHECK(answer(gate, jpeg, block, {sealed.sealed.envelope}) == errc::tampered);
    }
    SECTION("the stream ends") {
        returned.fragment(fragment(0));
        CHECK(answer(gate, jpeg, returned.bytes, {sealed.sealed.envelope}) == errc::malformed);
    }
    SECTION("a million empty fragments within a unit") {
        returned.fragment(fragment(0).first(10));
        for (int i = 0; i < 1'000'000; ++i) returned.fragment({});
        returned.end_sequence();
        CHECK(gate.open(jpeg, returned.bytes, {sealed.sealed.envelope}).error == errc::not_sealed);
    }
    SECTION("more pixel data than was sealed") {
        returned.bytes = header;
        returned.element(0x7FE00008, "OF", Bytes(8, 0));
        CHECK(answer(gate, jpeg, returned.bytes, {sealed.sealed.envelope}) == errc::not_sealed);
    }
}

TEST_CASE("native pixels cut or longer") {
    Gate gate;
    const auto sealed =
        gate.seal(explicit_le, image_header(true, 8, 8).element(0x7FE00010, "OW", noise(128)).bytes);
    const std::size_t length = GENERATE(0u, 2u, 126u, 129u, 130u);
    DataSet returned = image_header(true, 8, 8);
    returned.element(0x7FE00010, "OW", noise(length));
    CHECK(answer(gate, explicit_le, returned.bytes, {sealed.sealed.envelope}) == errc::not_sealed);
}

TEST_CASE("an object that comes back in the clear") {
    Gate gate;
    const Bytes object = native_image(true).bytes;
    const auto sealed = gate.seal(explicit_le, object);
    const auto opened = gate.open(explicit_le, object, {sealed.sealed.envelope});
    CHECK(opened.error == errc::not_sealed);
    CHECK(opened.bytes.size() < 400);
    CHECK(answer(gate, explicit_le, object, {}) == errc::not_sealed);
    SECTION("with the block that says it is sealed") {
        Bytes returned = object;
        returned.insert(returned.end(), sealed.bytes.begin() + static_cast<std::ptrdiff_t>(object.size()),
                        sealed.bytes.end());
        CHECK(answer(gate, explicit_le, returned, {sealed.sealed.envelope}) == errc::tampered);
    }
}

TEST_CASE("a forged block") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    const auto other = gate.seal(explicit_le, native_image(true).bytes);
    DataSet returned(true);
    returned.bytes = without_block(sealed);
    SECTION("of another sealing") {
        returned.element(0x7FE100FE, "LO", creator_name).element(0x7FE1FE01, "OB", other.sealed.envelope);
    }
    SECTION("too short to be one") {
        returned.element(0x7FE100FE, "LO", creator_name).element(0x7FE1FE01, "OB", "PORTCULL");
    }
    SECTION("in the clear") {
        returned.element(0x7FE100FE, "LO", creator_name).element(0x7FE1FE01, "OB", Bytes(100'000, 0));
    }
    CHECK(answer(gate, explicit_le, returned.bytes, {sealed.sealed.envelope}) == errc::tampered);
}

TEST_CASE("keys, signers and codecs that are not ours") {
    Gate gate, stranger(2);
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    CHECK(answer(stranger, explicit_le, sealed.bytes, {sealed.sealed.envelope}) == errc::not_openable);
    gate.keys.trusting = false;
    CHECK(answer(gate, explicit_le, sealed.bytes, {sealed.sealed.envelope}) == errc::not_openable);
    gate.keys.trusting = true;
    const auto allowed = portcullis::test::only({"none"});
    const auto opener =
        make_opener({explicit_le, gate.identity, {sealed.sealed.envelope}, allowed}, gate.keys);
    ByteCollector out;
    CHECK(opener->push(sealed.bytes, out).error() == errc::not_openable);
    CHECK(opener->failure_detail() == "envelope: codec_not_allowed");
    CHECK(out.collected.size() < 400);
}

TEST_CASE("an object whose study's secret is gone is not a forgery") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    codec::StudySecret study;
    auto object = codec::ObjectSealer::begin(gate.keys, gate.codec, gate.identity, {}, &study);
    REQUIRE(object);
    const auto envelope = (*object)->finish({});
    REQUIRE(envelope);
    CHECK(answer(gate, explicit_le, sealed.bytes, {*envelope}) == errc::not_openable);
}

TEST_CASE("a registry row that is not an envelope") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    CHECK(answer(gate, explicit_le, sealed.bytes, {Bytes(100, 1)}) == errc::tampered);
    CHECK(answer(gate, explicit_le, sealed.bytes, {Bytes{}}) == errc::tampered);
}
