// What is left of keys in memory that was given back, by our own code and by OpenSSL.
#include <catch2/catch.hpp>

#include "codec/envelope.hpp"
#include "codec/object_keys.hpp"
#include "tests/codec/instrumented_memory.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis;
using namespace portcullis::codec;

namespace {

/// As little of a key as would still be too much.
constexpr std::size_t telling = 12;

/// Whether any piece of the key is there. Pieces overlap, so that none that begins elsewhere is missed by
/// much.
bool holds_part(const test::FreedMemory& freed, ByteSpan key) {
    for (std::size_t at = 0; at + telling <= key.size(); at += 4) {
        if (freed.holds(key.subspan(at, telling))) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("freed memory is seen, that of operator new and that of OpenSSL") {
    const test::FreedMemory freed;
    const std::string_view ours = "what a string of ours has held all along", theirs = "and one of OpenSSL's";
    {
        const test::ByteVector vector(ours.begin(), ours.end());
        OPENSSL_free(OPENSSL_memdup(theirs.data(), theirs.size()));
        CHECK_FALSE(freed.holds(bytes_of(ours)));
    }
    CHECK(freed.holds(bytes_of(ours)));
    CHECK(freed.holds(bytes_of(theirs)));
    CHECK(holds_part(freed, bytes_of(ours)));
}

TEST_CASE("no key is left in memory that was freed") {
    for (const char* codec_id : {"rabbit-siv", "none"}) {
        INFO(codec_id);
        test::TestKeys keys;
        keys.study.emplace(StudySecret{StudySecretId{7}, Secret<32>()});
        REQUIRE(fill_random(keys.study->secret.fill()));
        const auto& codec = test::built_in(codec_id);

        const test::FreedMemory freed;
        ByteVector envelope;
        ByteVector unit = test::pattern(3000, 0);
        {
            auto sealer =
                std::move(*ObjectSealer::begin(keys, codec, test::identity, test::origin, &*keys.study));
            sealer->begin_region(test::pixel_data, 0, RegionKind::native);
            sealer->seal_unit(unit);
            sealer->end_region();
            envelope = std::move(*sealer->finish(test::ct_description()));
        }
        {
            auto opener =
                std::move(*ObjectOpener::begin(envelope, keys, Catalogue::built_in(), test::identity));
            REQUIRE(opener->open_unit(unit, 0));
        }

        const auto parsed = parse_envelope(envelope);
        REQUIRE(parsed);
        const auto derived = derive_keys(*keys.last_dek, keys.study->secret.view(), parsed->head.salt,
                                         Mode::key_and_registry, codec);
        CHECK(freed.blocks() > 50);
        REQUIRE_FALSE(freed.overflowed());
        REQUIRE(freed.holds(parsed->head.commitment));  // which is public: keys would be seen as well
        CHECK_FALSE(holds_part(freed, keys.last_dek->view()));
        CHECK_FALSE(holds_part(freed, keys.study->secret.view()));
        CHECK_FALSE(holds_part(freed, derived.aead.view()));
        CHECK_FALSE(holds_part(freed, derived.attributes.view()));
        CHECK_FALSE(holds_part(freed, derived.envelope.view()));
        CHECK_FALSE(holds_part(freed, derived.codec.view()));
    }
}
