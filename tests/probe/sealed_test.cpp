#include "gateway/probe/sealed.hpp"

#include "gateway/keys/passing_keys.hpp"
#include "tests/probe/specimens.hpp"

using namespace portcullis;
using namespace portcullis::probe;
namespace tag = portcullis::image::tag;

namespace {

struct Sealing {
    Settings settings;
    Codecs codecs = load_codecs(settings);
    keys::PassingKeys keys;
    Means means{settings, codecs, keys, keys};
};

}  // namespace

TEST_CASE("every specimen opens bit for bit, by the envelope in it, too") {
    const Sealing sealing;
    for (const auto& [name, object] : specimens()) {
        INFO(name);
        const auto sealed = seal(object, sealing.means);
        REQUIRE(sealed.has_value());
        CHECK(sealed->object.data_set != object.data_set);
        const auto opening = open(object, *sealed, sealed->object, sealing.means);
        CHECK(opening.failure == "");
        CHECK(opening.bit_for_bit());
        CHECK(opening.own_envelope);
        CHECK(opening.observed->others.empty());
        CHECK(opening.observed->overlay == Fate::kept);
        CHECK(opening.observed->comments == Fate::kept);
    }
}

TEST_CASE("what an archive must not do to a sealed object shows") {
    const Sealing sealing;
    const auto& original = specimen("Explicit VR Little Endian");
    const auto sealed = seal(original, sealing.means);
    REQUIRE(sealed.has_value());
    const auto opened_after = [&](const std::function<void(DataSet&)>& deed) {
        return open(original, *sealed, after(sealed->object, deed), sealing.means);
    };
    const auto flipped = opened_after([](DataSet& d) { d[top(tag::pixel_data)].bytes[7] ^= 1; });
    CHECK(flipped.failure != "");
    CHECK_FALSE(flipped.bit_for_bit());

    const auto stripped = opened_after([](DataSet& d) {
        std::erase_if(d, [](const auto& element) { return (element.first.tag >> 16) % 2 == 1; });
    });
    CHECK(stripped.failure == "");
    CHECK_FALSE(stripped.own_envelope);
    CHECK(stripped.bit_for_bit());

    auto renumbered = sealed->object;
    renumbered.sop_instance = make_uid();
    CHECK(open(original, *sealed, renumbered, sealing.means).failure ==
          "it came back under another SOP Instance UID");
}
