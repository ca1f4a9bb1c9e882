// What is sealed, wherever it stands and however the data set is written: every kind of bulk, and no more.

#include <catch2/catch.hpp>

#include "tests/image/bulk.hpp"
#include "tests/image/through_dcmtk.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

/// Where the bulk of a test stands.
enum class Nest {
    top,
    defined,
    undefined,
    deep,
    private_defined,
    private_undefined,
    un_undefined,
    un_defined
};

const TransferSyntax natives[] = {implicit_le, explicit_le, explicit_be};

constexpr std::uint32_t standard_sequence = 0x00081140;
constexpr std::uint32_t private_sequence = 0x00111010;

DataSet identifiers(Encoding encoding) {
    DataSet data(encoding);
    data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").uid(0x00080018, "1.2.3.4");
    return data;
}

/// A UN in which items are in Implicit VR Little Endian (PS3.5 6.2.2).
Bytes un(Encoding encoding, std::uint32_t tag, const Bytes& content, bool defined) {
    Bytes items = item_of({false}, content, defined);
    if (!defined) append(items, DataSet(false).end_sequence().bytes);
    DataSet data(encoding);
    data.header(tag, "UN", defined ? static_cast<std::uint32_t>(items.size()) : undefined);
    append(data.bytes, items);
    return data.bytes;
}

Bytes nested(Nest nest, Encoding encoding, Bulks& bulks) {
    const bool in_un = nest == Nest::un_defined || nest == Nest::un_undefined;
    const Bytes content = bulks.all_elements(in_un ? Encoding{false} : encoding);
    const bool defined = nest == Nest::defined || nest == Nest::private_defined || nest == Nest::un_defined;
    switch (nest) {
        case Nest::un_defined:
        case Nest::un_undefined:
            return un(encoding, standard_sequence, content, defined);
        case Nest::private_defined:
        case Nest::private_undefined:
            return sequence_of(encoding, private_sequence, content, defined);
        case Nest::deep:
            return sequence_of(encoding, standard_sequence,
                               sequence_of(encoding, private_sequence,
                                           sequence_of(encoding, standard_sequence, content, false), true),
                               false);
        default:
            return sequence_of(encoding, standard_sequence, content, defined);
    }
}

Bytes object_of(Nest nest, Encoding encoding, Bulks& bulks) {
    const bool is_private = nest == Nest::private_defined || nest == Nest::private_undefined;
    Bytes object = identifiers(encoding).bytes;
    if (!is_private && nest != Nest::top) append(object, nested(nest, encoding, bulks));
    append(object, bulks.elements(early_kinds, encoding));
    if (is_private) append(object, nested(nest, encoding, bulks));
    append(object, Bulks::attributes(encoding));
    append(object, bulks.elements(late_kinds, encoding));
    return object;
}

}  // namespace

TEST_CASE("every kind of bulk is sealed and opened, at the top level and nested, in every encoding") {
    const TransferSyntax& in = natives[GENERATE(0u, 1u, 2u)];
    const Nest nest = GENERATE(Nest::top, Nest::defined, Nest::undefined, Nest::deep, Nest::private_defined,
                               Nest::private_undefined, Nest::un_undefined, Nest::un_defined);
    const bool has_un = nest == Nest::un_defined || nest == Nest::un_undefined;
    if (has_un && !in.encoding.explicit_vr) return;
    INFO(in.uid.str() << ", " << static_cast<int>(nest));
    Bulks bulks;
    const Bytes object = object_of(nest, in.encoding, bulks);
    Gate gate;
    const auto sealed = gate.seal(in, object);
    INFO(sealed.detail);
    REQUIRE_FALSE(sealed.error);
    std::size_t regions = 0;
    for (const Bulk& bulk : bulks.all) {
        INFO(bulk.name << ", " << bulk.value.size() << " bytes");
        CHECK(contains(sealed.bytes, bulk.value) != bulk.sealed);
        regions += bulk.sealed;
    }
    CHECK(sealed.sealed.regions == regions);
    for (const std::size_t piece : piece_sizes) {
        const auto opened = gate.open(in, sealed.bytes, {sealed.sealed.envelope}, piece);
        INFO("pieces of " << piece << ": " << opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(difference(opened.bytes, object) == "");
        CHECK(opened.opened.missing.empty());
    }
}

TEST_CASE("bulk that an archive writes in another encoding opens") {
    const TransferSyntax& in = natives[GENERATE(0u, 1u, 2u)];
    const TransferSyntax& out = natives[GENERATE(0u, 1u, 2u)];
    const Nest nest = GENERATE(Nest::top, Nest::defined, Nest::undefined, Nest::deep, Nest::private_defined,
                               Nest::private_undefined, Nest::un_undefined, Nest::un_defined);
    const bool has_un = nest == Nest::un_defined || nest == Nest::un_undefined;
    if (has_un && !in.encoding.explicit_vr) return;
    INFO(in.uid.str() << " to " << out.uid.str() << ", " << static_cast<int>(nest));
    Bulks bulks;
    const Bytes object = object_of(nest, in.encoding, bulks);
    Gate gate;
    gate.mark = true;
    const auto sealed = gate.seal(in, object);
    REQUIRE_FALSE(sealed.error);
    const Bytes returned = through_dcmtk(sealed.bytes, in, out, {}, EGL_withoutGL);
    for (const std::size_t piece : {uncut, std::size_t{7}}) {
        const auto opened = gate.open(out, returned, {sealed.sealed.envelope}, piece);
        INFO(opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(opened.opened.missing.empty());
        CHECK(opened.opened.edited.empty());
        CHECK(difference(opened.bytes, through_dcmtk(object, in, out, {}, EGL_withoutGL)) == "");
    }
}

TEST_CASE("icons in fragments, whatever the pixels of the object are") {
    for (const TransferSyntax& in : {implicit_le, explicit_le, explicit_be, jpeg}) {
        INFO(in.uid.str());
        const std::vector<Bytes> fragments = {noise(300'000), {}, noise(17, 2)};
        DataSet icon(in.encoding);
        icon.header(0x7FE00010, "OB", undefined).fragment(Bytes(4, 7));
        for (const Bytes& fragment : fragments) icon.fragment(fragment);
        icon.end_sequence();
        DataSet object = image_header(in.encoding, 2, 2);
        append(object.bytes, sequence_of(in.encoding, 0x00880200, icon.bytes, false));
        if (in.encapsulated)
            object.header(0x7FE00010, "OB", undefined).fragment({}).fragment(noise(30, 3)).end_sequence();
        else
            object.element(0x7FE00010, "OW", noise(8, 3));
        Gate gate;
        const auto sealed = gate.seal(in, object.bytes);
        INFO(sealed.detail);
        REQUIRE_FALSE(sealed.error);
        CHECK(sealed.sealed.regions == 4);
        CHECK_FALSE(contains(sealed.bytes, fragments[2]));
        CHECK_FALSE(contains(sealed.bytes, ByteView(fragments[0]).last(16)));
        for (const std::size_t piece : piece_sizes) {
            const auto opened = gate.open(in, sealed.bytes, {sealed.sealed.envelope}, piece);
            INFO(opened.detail);
            REQUIRE_FALSE(opened.error);
            CHECK(difference(opened.bytes, object.bytes) == "");
        }
    }
}
