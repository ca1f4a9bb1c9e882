#include "gateway/probe/observe.hpp"

#include "gateway/probe/codestreams.hpp"
#include "tests/probe/specimens.hpp"

using namespace portcullis;
using namespace portcullis::probe;
namespace tag = portcullis::image::tag;

namespace {

constexpr auto native = "Explicit VR Little Endian";
constexpr auto compressed = "JPEG-LS Lossless";

Observed seen(const scu::Object& sent, const scu::Object& returned) {
    auto observed = observe(sent, returned);
    REQUIRE(observed.has_value());
    return *observed;
}

Observed seen_after(const char* name, const std::function<void(DataSet&)>& deed) {
    return seen(specimen(name), after(specimen(name), deed));
}

}  // namespace

TEST_CASE("what comes back untouched is the same in every transfer syntax") {
    for (const auto& [name, object] : specimens()) {
        INFO(name);
        const auto observed = seen(object, object);
        CHECK(observed.pixels == PixelFate::same);
        CHECK(observed.private_elements == Fate::kept);
        CHECK(observed.trailing_group == Fate::kept);
        CHECK(observed.trailing_padding == Fate::kept);
        CHECK(observed.overlay == Fate::kept);
        CHECK(observed.icon == Fate::kept);
        CHECK(observed.comments == Fate::kept);
        CHECK(observed.offset_table == Fate::kept);
        CHECK(observed.fragments == (observed.native ? FragmentFate::none : FragmentFate::same));
        CHECK(observed.identifiers.empty());
        CHECK(observed.others.empty());
        CHECK_FALSE(observed.lossy);
    }
}

TEST_CASE("another native encoding changes no value") {
    for (const auto* other : {"Implicit VR Little Endian", "Explicit VR Big Endian"}) {
        INFO(other);
        auto returned = specimen(other);
        const auto observed = seen(specimen(native), returned);
        CHECK(observed.pixels == PixelFate::same);
        CHECK(observed.private_elements == Fate::kept);
        CHECK(observed.others.size() == 1);  // Instance Number: it is another specimen
        CHECK(observed.identifiers == std::vector<std::uint32_t>{tag::sop_instance_uid});
    }
}

TEST_CASE("bits above Bits Stored, and those below, are told apart") {
    const auto change = [](std::uint8_t mask) {
        return [mask](DataSet& data_set) { data_set[top(tag::pixel_data)].bytes[21] ^= mask; };
    };
    CHECK(seen_after(native, change(0x10)).pixels == PixelFate::high_bits_lost);
    CHECK(seen_after(native, change(0x08)).pixels == PixelFate::changed);
    CHECK(seen_after(native, [](DataSet& data_set) {
              data_set[top(tag::pixel_data)].bytes.resize(100);
          }).pixels == PixelFate::changed);
    CHECK(seen_after(native, [](DataSet& data_set) { data_set.erase(top(tag::pixel_data)); }).pixels ==
          PixelFate::lost);
}

TEST_CASE("fragments cut anew are no other bytes") {
    const auto join = [](DataSet& data_set) {
        auto& items = data_set[top(tag::pixel_data)].items;
        Bytes whole;
        for (std::size_t i = 1; i < items.size(); ++i) append(whole, items[i]);
        items = {{}, whole};
    };
    const auto observed = seen_after(compressed, join);
    CHECK(observed.fragments == FragmentFate::recut);
    CHECK(observed.offset_table == Fate::lost);
    CHECK(observed.pixels == PixelFate::same);
    const auto changed =
        seen_after(compressed, [](DataSet& data_set) { data_set[top(tag::pixel_data)].items[2][0] ^= 1; });
    CHECK(changed.fragments == FragmentFate::changed);
    CHECK(changed.pixels == PixelFate::recompressed);
}

TEST_CASE("what comes back decompressed is compared with the picture") {
    Bytes picture;
    for (const auto value : pixels()) append_le16(picture, value);
    auto data_set = read(specimen(compressed));
    data_set[top(tag::pixel_data)] = {"OW", picture, {}, false};
    const auto decompressed = written(specimen(compressed), data_set, "1.2.840.10008.1.2.1");
    const auto observed = seen(specimen(compressed), decompressed);
    CHECK(observed.native);
    CHECK(observed.pixels == PixelFate::same);
    data_set[top(tag::pixel_data)].bytes[0] ^= 1;
    CHECK(seen(specimen(compressed), written(specimen(compressed), data_set, "1.2.840.10008.1.2.1")).pixels ==
          PixelFate::changed);
}

TEST_CASE("private elements: as UN, changed, stripped") {
    CHECK(seen_after(native, [](DataSet& d) { d[top(private_text)].vr = "UN"; }).private_elements ==
          Fate::kept_as_un);
    CHECK(seen_after(native, [](DataSet& d) { d[top(private_bytes)].bytes[0] ^= 1; }).private_elements ==
          Fate::changed);
    const auto stripped = seen_after(native, [](DataSet& d) {
        std::erase_if(d, [](const auto& element) { return (element.first.tag >> 16) % 2 == 1; });
    });
    CHECK(stripped.private_elements == Fate::lost);
    CHECK(stripped.trailing_group == Fate::lost);
    CHECK(stripped.pixels == PixelFate::same);
}

TEST_CASE("identifiers, comments, overlays, icons and other values") {
    const auto observed = seen_after(native, [](DataSet& d) {
        d[top(tag::patient_id)].bytes = {'X', ' '};
        d.erase(top(tag::image_comments));
        d.erase(top(tag::overlay_data));
        d.erase(top(trailing_padding));
        d[top(0x00080060)].bytes = {'C', 'T'};
        d[top(0x00282110)] = {"CS", {'0', '1'}, {}, false};
    });
    CHECK(observed.identifiers == std::vector<std::uint32_t>{tag::patient_id});
    CHECK(observed.comments == Fate::lost);
    CHECK(observed.overlay == Fate::lost);
    CHECK(observed.icon == Fate::lost);  // written() leaves sequences out
    CHECK(observed.trailing_padding == Fate::lost);
    CHECK(observed.lossy);
    CHECK(observed.others == std::vector<codec::Path>{top(0x00080060), top(0x00282110)});
}

TEST_CASE("what cannot be read is an error") {
    auto cut = specimen(native);
    cut.data_set.resize(cut.data_set.size() - 5);
    CHECK_FALSE(observe(specimen(native), cut).has_value());
    auto other = specimen(native);
    other.transfer_syntax = *Uid::parse("1.2.840.10008.1.2.4.94");  // JPIP: no pixel data of its own
    CHECK_FALSE(observe(specimen(native), other).has_value());
}
