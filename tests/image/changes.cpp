// What sealing changes besides regions, and that opening undoes it: values about pixels, counts of bits.

#include <catch2/catch.hpp>

#include "gateway/image/error.hpp"
#include "tests/image/check_opens.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/through_dcmtk.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const TransferSyntax natives[] = {implicit_le, explicit_le, explicit_be};

Bytes number(Encoding encoding, std::uint32_t tag, std::uint16_t value) {
    return DataSet(encoding).us(tag, value).bytes;
}

/// Its histogram holds a value of 8 bytes in one item.
Bytes histogram(Encoding encoding, const Bytes& data, bool defined) {
    DataSet item(encoding);
    item.us(0x00603002, 2).element(0x00603020, "UL", data);
    return sequence_of(encoding, 0x00603000, item.bytes, defined);
}

/// 16 bits allocated, of which 12 are stored, and everything that says something about pixels.
Bytes telling_image(const TransferSyntax& syntax, bool defined) {
    const Encoding encoding = syntax.encoding;
    DataSet data(encoding);
    data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").uid(0x00080018, "1.2.3.4");
    DataSet item(encoding);
    item.us(0x00280106, 1007).us(0x00280107, 1008);
    append(item.bytes, histogram(encoding, noise(8, 5), true));
    append(data.bytes, sequence_of(encoding, 0x00081140, item.bytes, defined));
    data.us(0x00280002, 1).us(0x00280010, 4).us(0x00280011, 4).us(0x00280100, 16).us(0x00280101, 12);
    data.us(0x00280102, 11).us(0x00280103, 0).us(0x00280106, 1005).us(0x00280107, 1006);
    data.element(0x00282112, "DS", "31.5");
    append(data.bytes, histogram(encoding, noise(8, 6), defined));
    DataSet signature(encoding);
    signature.element(0x04000115, "OB", noise(30, 7)).element(0x04000120, "OB", noise(64, 8));
    append(data.bytes, sequence_of(encoding, 0x4FFE0001, signature.bytes, defined));
    if (syntax.encapsulated)
        data.header(0x7FE00010, "OB", undefined).fragment({}).fragment(noise(32, 9)).end_sequence();
    else
        data.element(0x7FE00010, "OW", noise(32, 9));
    append(data.bytes, sequence_of(encoding, 0xFFFAFFFA, signature.bytes, defined));
    return data.bytes;
}

Bytes telling_image(const TransferSyntax& syntax) {
    return telling_image(syntax, true);
}

}  // namespace

TEST_CASE("every bit of native pixels counts while they are sealed") {
    for (const TransferSyntax& syntax : natives) {
        INFO(syntax.uid.str());
        Gate gate;
        const Bytes object = telling_image(syntax);
        const auto sealed = gate.seal(syntax, object);
        CHECK(contains(sealed.bytes, number(syntax.encoding, 0x00280101, 16)));
        CHECK(contains(sealed.bytes, number(syntax.encoding, 0x00280102, 15)));
        check_opens(gate, syntax, sealed, object);
    }
}

TEST_CASE("bits of compressed pixels are counted as they were") {
    Gate gate;
    const Bytes object = telling_image(jpeg);
    const auto sealed = gate.seal(jpeg, object);
    CHECK(contains(sealed.bytes, number({true}, 0x00280101, 12)));
    CHECK(contains(sealed.bytes, number({true}, 0x00280102, 11)));
    check_opens(gate, jpeg, sealed, object);
}

TEST_CASE("values about pixels are gone while these are sealed") {
    const bool defined = GENERATE(true, false);
    for (const TransferSyntax& syntax : {implicit_le, explicit_le, explicit_be, jpeg}) {
        INFO(syntax.uid.str() << (defined ? ", defined" : ", undefined"));
        Gate gate;
        const Bytes object = telling_image(syntax, defined);
        const auto sealed = gate.seal(syntax, object);
        for (std::uint16_t value = 1005; value <= 1008; ++value)
            for (const std::uint32_t tag : {0x00280106u, 0x00280107u})
                CHECK_FALSE(contains(sealed.bytes, number(syntax.encoding, tag, value)));
        CHECK(contains(sealed.bytes, number(syntax.encoding, 0x00280106, 0)));  // blanked, nested
        CHECK_FALSE(contains(sealed.bytes, as_bytes("31.5")));
        CHECK_FALSE(contains(sealed.bytes, noise(8, 5)));
        // Sequences of big-endian items stay where they are; their histograms are blanked.
        CHECK_FALSE(contains(sealed.bytes, noise(8, 6)));
        CHECK(contains(sealed.bytes, noise(64, 8)) == syntax.encoding.big_endian);
        check_opens(gate, syntax, sealed, object);
    }
}

TEST_CASE("changes are undone in another encoding") {
    const bool defined = GENERATE(true, false);
    const TransferSyntax& in = natives[GENERATE(0u, 1u, 2u)];
    const TransferSyntax& out = natives[GENERATE(0u, 1u, 2u)];
    INFO(in.uid.str() << " to " << out.uid.str() << (defined ? ", defined" : ", undefined"));
    Gate gate;
    gate.mark = true;
    const Bytes object = telling_image(in, defined);
    const auto sealed = gate.seal(in, object);
    REQUIRE_FALSE(sealed.error);
    const Bytes returned = through_dcmtk(sealed.bytes, in, out, {}, EGL_withoutGL);
    const auto opened = gate.open(out, returned, {sealed.sealed.envelope}, 7);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.edited.empty());
    // A UN that was put back is a sequence again once it was read.
    const auto written = [&](const Bytes& bytes, const TransferSyntax& from) {
        return through_dcmtk(through_dcmtk(bytes, from, implicit_le, {}, EGL_withoutGL), implicit_le, out, {},
                             EGL_withoutGL);
    };
    CHECK(difference(written(opened.bytes, out), written(object, in)) == "");
}

TEST_CASE("group lengths are as they were, or gone in another encoding") {
    for (const TransferSyntax& in : natives) {
        for (const TransferSyntax& out : natives) {
            INFO(in.uid.str() << " to " << out.uid.str());
            Gate gate;
            gate.mark = GENERATE(true, false);
            const Bytes object = through_dcmtk(telling_image(in), in, in, {}, EGL_withGL);
            const auto sealed = gate.seal(in, object);
            check_opens(gate, in, sealed, object);
            const auto returned = through_dcmtk(sealed.bytes, in, out, {}, EGL_withGL);
            const auto opened = gate.open(out, returned, {sealed.sealed.envelope}, 0);
            INFO(opened.detail);
            REQUIRE_FALSE(opened.error);
            const bool same = in.encoding == out.encoding;
            CHECK(contains(opened.bytes, DataSet(out.encoding).header(0x7FE00000, "UL", 4).bytes) == same);
        }
    }
}

TEST_CASE("a count of bits without a VR that says so, in big endian") {
    // The value of a UN is little-endian everywhere (PS3.5 6.2.2).
    Gate gate;
    DataSet data(explicit_be.encoding);
    data.uid(0x00080018, "1.2.3.4").us(0x00280010, 4).us(0x00280011, 4).us(0x00280100, 16);
    data.element(0x00280101, "UN", Bytes{12, 0}).element(0x00280102, "UN", Bytes{11, 0});
    data.element(0x7FE00010, "OW", noise(32));
    const auto sealed = gate.seal(explicit_be, data.bytes);
    CHECK(
        contains(sealed.bytes, DataSet(explicit_be.encoding).element(0x00280101, "UN", Bytes{16, 0}).bytes));
    check_opens(gate, explicit_be, sealed, data.bytes);
}

TEST_CASE("what has no value representation passes, unless it would have to be taken out or replaced") {
    const std::uint32_t tag = GENERATE(0x00280101u, 0x00280106u, 0x00280303u);
    Gate gate;
    DataSet data(explicit_le.encoding);
    data.uid(0x00080018, "1.2.3.4").us(0x00280010, 4).us(0x00280011, 4).us(0x00280100, 16);
    append_le16(data.bytes, static_cast<std::uint16_t>(tag >> 16));
    append_le16(data.bytes, static_cast<std::uint16_t>(tag));
    append(data.bytes, Bytes{0, 0, 0, 0, 2, 0, 0, 0, 49, 32});
    data.element(0x7FE00010, "OW", noise(32));
    const auto sealed = gate.seal(explicit_le, data.bytes);
    if (tag == 0x00280303) return check_opens(gate, explicit_le, sealed, data.bytes);
    CHECK(sealed.error == errc::malformed);
    CHECK(sealed.detail.find("no value representation") != std::string::npos);
}

TEST_CASE("of several envelopes with changes the right one's are undone") {
    for (const TransferSyntax& syntax : {implicit_le, explicit_le, explicit_be, jpeg}) {
        INFO(syntax.uid.str());
        Gate gate;
        gate.mark = true;
        const Bytes object = telling_image(syntax, true), other = telling_image(syntax, false);
        const auto old = gate.seal(syntax, object);
        const auto current = gate.seal(syntax, other);
        const std::vector<Bytes> envelopes = {current.sealed.envelope, old.sealed.envelope};
        for (const std::size_t piece : piece_sizes) {
            const auto opened = gate.open(syntax, old.bytes, envelopes, piece);
            INFO("pieces of " << piece << ": " << opened.detail);
            REQUIRE_FALSE(opened.error);
            CHECK(opened.opened.superseded);
            CHECK(difference(opened.bytes, object) == "");
        }
    }
}

TEST_CASE("a changed value that an archive took away is reported") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, telling_image(explicit_le));
    const Bytes returned = through_dcmtk(sealed.bytes, explicit_le, explicit_le, [](DcmDataset& object) {
        delete object.remove(DcmTagKey(0x0008, 0x1140));
    });
    const auto opened = gate.open(explicit_le, returned, {sealed.sealed.envelope});
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    REQUIRE(opened.opened.edited.size() == 3);
    CHECK(opened.opened.edited[0] == codec::Path{{{0x00081140, 0}}, 0x00280106});
}
