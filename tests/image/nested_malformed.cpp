// Objects whose nested values could be mistaken, that are too deep, and such as came back with less or more
// than was sealed.

#include <catch2/catch.hpp>

#include "gateway/image/error.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/through_dcmtk.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

constexpr std::uint32_t sequence_tag = 0x00081140;
constexpr std::uint32_t icon_tag = 0x00880200;
constexpr std::uint32_t overlay = 0x60003000;

Bytes image_with(const Bytes& icon, const Bytes& overlay_element) {
    DataSet data = image_header(true, 2, 2);
    append(data.bytes, icon);
    append(data.bytes, overlay_element);
    data.element(0x7FE00010, "OW", noise(8, 3));
    return data.bytes;
}

Bytes pixels_in(std::uint32_t tag, std::size_t size) {
    return sequence_of({true}, tag, DataSet(true).element(0x7FE00010, "OB", noise(size)).bytes, true);
}

Bytes in_sequences(std::size_t depth, Bytes value) {
    for (std::size_t i = 0; i < depth; ++i) value = sequence_of({true}, sequence_tag, value, true);
    DataSet data = DataSet(true).uid(0x00080018, "1.2.3.4");
    append(data.bytes, value);
    data.us(0x00280010, 2).us(0x00280011, 2).us(0x00280100, 16);
    data.element(0x7FE00010, "OW", noise(8, 3));
    return data.bytes;
}

Bytes twice(const Bytes& element) {
    Bytes both = element;
    append(both, element);
    return both;
}

/// The sealed object with one of its elements as it is in the sealed `other`.
struct Returned {
    Gate gate;
    SealedObject sealed;
    OpenedObject open(const std::function<void(DcmDataset&)>& edit) {
        const Bytes returned = through_dcmtk(sealed.bytes, explicit_le, explicit_le, edit, EGL_withoutGL);
        return gate.open(explicit_le, returned, {sealed.sealed.envelope}, 7);
    }
};

Returned sealed_with_everything() {
    Returned returned;
    DataSet element(true);
    element.element(overlay, "OW", noise(300'000, 4));
    returned.sealed = returned.gate.seal(explicit_le, image_with(pixels_in(icon_tag, 40), element.bytes));
    REQUIRE(returned.sealed.sealed.regions == 3);
    return returned;
}

void shorten(DcmDataset& object, Uint16 group, std::size_t bytes) {
    DcmElement* element = nullptr;
    REQUIRE(object.findAndGetElement(DcmTagKey(group, 0x3000), element).good());
    Uint16* words = nullptr;
    REQUIRE(element->getUint16Array(words).good());
    const std::vector<Uint16> copy(words, words + bytes / 2);
    REQUIRE(element->putUint16Array(copy.data(), static_cast<unsigned long>(copy.size())).good());
}

}  // namespace

TEST_CASE("two values at one place are not sealed") {
    Gate gate;
    const Bytes twins =
        GENERATE(as<Bytes>{}, twice(DataSet(true).element(overlay, "OW", noise(20)).bytes),
                 twice(pixels_in(icon_tag, 20)), twice(DataSet(true).us(0x00280106, 5).bytes),
                 twice(sequence_of({true}, icon_tag, DataSet(true).us(0x00280106, 5).bytes, true)));
    const Bytes object = in_sequences(1, twins);
    const auto sealed = gate.seal(explicit_le, object);
    if (sealed.error) {
        CHECK(sealed.error == errc::malformed);
        return;
    }
    const auto opened = gate.open(explicit_le, sealed.bytes, {sealed.sealed.envelope});
    INFO(opened.detail);
    CHECK_FALSE(opened.error);
    CHECK(difference(opened.bytes, object) == "");
}

TEST_CASE("regions and changes as deep as a path may be, and deeper") {
    Gate gate;
    const Bytes value = GENERATE(as<Bytes>{}, DataSet(true).element(overlay, "OW", noise(20)).bytes,
                                 DataSet(true).us(0x00280106, 5).bytes);
    const Bytes object = in_sequences(32, value);
    const auto sealed = gate.seal(explicit_le, object);
    REQUIRE_FALSE(sealed.error);
    const auto opened = gate.open(explicit_le, sealed.bytes, {sealed.sealed.envelope}, 3);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(difference(opened.bytes, object) == "");
    CHECK(gate.seal(explicit_le, in_sequences(33, value)).error == errc::not_sealable);
}

TEST_CASE("a sequence around regions that does not begin with an item any more is malformed") {
    Gate gate;
    const Bytes icon = image_header(false, 8, 8).element(0x7FE00010, "OW", noise(128, 3)).bytes;
    DataSet data(false);
    data.uid(0x00080018, "1.2.3.4").header(0x00880200, "SQ", static_cast<std::uint32_t>(icon.size() + 8));
    data.item(static_cast<std::uint32_t>(icon.size()));
    const std::size_t item = data.bytes.size() - 8;
    append(data.bytes, icon);
    data.element(0x7FE00010, "OW", noise(128, 4));
    const auto sealed = gate.seal(implicit_le, data.bytes);
    REQUIRE(sealed.sealed.regions == 2);
    Bytes returned = sealed.bytes;
    returned[item] ^= 1;
    CHECK(gate.open(implicit_le, returned, {sealed.sealed.envelope}).error == errc::malformed);
}

TEST_CASE("an overlay that came back cut short is refused, one that did not come back is reported") {
    Returned returned = sealed_with_everything();
    for (const std::size_t left : {2u, 262'144u, 299'998u}) {
        const auto opened = returned.open([&](DcmDataset& object) { shorten(object, 0x6000, left); });
        CHECK(opened.error == errc::tampered);
    }
    const auto without =
        returned.open([](DcmDataset& object) { delete object.remove(DcmTagKey(0x6000, 0x3000)); });
    INFO(without.detail);
    REQUIRE_FALSE(without.error);
    CHECK(without.opened.missing == std::vector<codec::Path>{{{}, overlay}});
    CHECK(difference(without.bytes, image_with(pixels_in(icon_tag, 40), {})) == "");
}

TEST_CASE("an overlay that came back without a byte is reported") {
    Returned returned = sealed_with_everything();
    const auto opened = returned.open(
        [](DcmDataset& object) { object.putAndInsertUint16Array(DcmTagKey(0x6000, 0x3000), nullptr, 0); });
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.missing == std::vector<codec::Path>{{{}, overlay}});
    const Bytes empty = DataSet(true).element(overlay, "OW", "").bytes;
    CHECK(difference(opened.bytes, image_with(pixels_in(icon_tag, 40), empty)) == "");
}

TEST_CASE("fragments of an icon that came back without a byte are reported") {
    Gate gate;
    const auto with = [](const std::vector<Bytes>& fragments) {
        DataSet icon(true);
        icon.header(0x7FE00010, "OB", undefined).fragment({});
        for (const Bytes& fragment : fragments) icon.fragment(fragment);
        icon.end_sequence();
        return image_with(sequence_of({true}, icon_tag, icon.bytes, false), {});
    };
    const Bytes object = with({noise(30), noise(20, 2)});
    const auto sealed = gate.seal(explicit_le, object);
    // The icon is cut out of what was sealed; all else stays.
    const Bytes first = DataSet(true).item(30).bytes, empty = with({});
    const auto at = std::search(sealed.bytes.begin(), sealed.bytes.end(), first.begin(), first.end());
    REQUIRE(at != sealed.bytes.end());
    Bytes returned(sealed.bytes.begin(), at);
    returned.insert(returned.end(), at + 8 + 30 + 8 + 20, sealed.bytes.end());
    const auto opened = gate.open(explicit_le, returned, {sealed.sealed.envelope}, 7);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.missing == std::vector<codec::Path>{{{{icon_tag, 0}}, 0x7FE00010}});
    CHECK(difference(opened.bytes, empty) == "");
}

TEST_CASE("an icon with another number of bytes than was sealed is refused, one without any is reported") {
    Returned returned = sealed_with_everything();
    for (const std::size_t size : {38u, 42u, 4'000u}) {
        const auto opened = returned.open([&](DcmDataset& object) {
            DcmItem* item = nullptr;
            REQUIRE(object.findAndGetSequenceItem(DcmTagKey(0x0088, 0x0200), item).good());
            const Bytes bytes = noise(size);
            item->putAndInsertUint8Array(DCM_PixelData, bytes.data(), static_cast<unsigned long>(size));
        });
        CHECK(opened.error == errc::tampered);
    }
    const auto without =
        returned.open([](DcmDataset& object) { delete object.remove(DcmTagKey(0x0088, 0x0200)); });
    REQUIRE_FALSE(without.error);
    CHECK(without.opened.missing == std::vector<codec::Path>{{{{icon_tag, 0}}, 0x7FE00010}});
}
