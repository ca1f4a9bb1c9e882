#include <algorithm>
#include <catch2/catch.hpp>

#include "codec/object.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis;
using namespace portcullis::codec;
using test::ByteVector;
using test::TestKeys;

namespace {

std::unique_ptr<ObjectOpener> open_sample(const test::SealedSample& sample, const TestKeys& keys) {
    auto opener = ObjectOpener::begin(sample.envelope, keys, Catalogue::built_in(), test::identity);
    REQUIRE(opener);
    return std::move(*opener);
}

void check_round_trip(const std::vector<std::size_t>& lengths, const char* codec_id) {
    const TestKeys keys;
    auto sample = test::seal_sample(keys, lengths, codec_id);
    const auto opener = open_sample(sample, keys);
    REQUIRE(opener->regions().size() == lengths.size());
    std::uint64_t expected_unit = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        CHECK(opener->regions()[i].length == lengths[i]);
        CHECK(opener->first_unit(i) == expected_unit);
        auto& region = sample.sealed[i];
        if (region.size() >= 16) CHECK(region != sample.plain[i]);
        for (std::size_t at = 0; at < region.size(); at += unit_size) {
            const auto unit = std::span(region).subspan(at, std::min(unit_size, region.size() - at));
            REQUIRE(opener->open_unit(unit, expected_unit++));
        }
        CHECK(region == sample.plain[i]);
    }
    CHECK(opener->units() == expected_unit);
}

constexpr std::size_t K256 = 256 * 1024;

}  // namespace

TEST_CASE("round trip of one region of every awkward length") {
    const std::size_t length =
        GENERATE(0, 1, 15, 16, 17, 31, 33, 255, 257, K256 - 1, K256, K256 + 1, 3 * K256);
    const char* codec_id = GENERATE("rabbit-siv", "none");
    INFO(length << " " << codec_id);
    check_round_trip({length}, codec_id);
}

TEST_CASE("round trip of several regions: unit numbers run on") {
    check_round_trip({10, 0, K256 + 5, 2 * K256, 0, 1}, "rabbit-siv");
    check_round_trip({}, "rabbit-siv");
}

TEST_CASE("what was sealed with the object comes back") {
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {1000});
    const auto opener = open_sample(sample, keys);
    CHECK(opener->envelope_id() == sample.id);
    CHECK(*envelope_id(sample.envelope) == sample.id);
    CHECK(opener->origin().gateway_id == test::origin.gateway_id);
    CHECK(opener->origin().scanner_ae == test::origin.scanner_ae);
    CHECK(opener->origin().time_ms == test::origin.time_ms);
    CHECK(opener->description().bound == test::ct_description().bound);
    CHECK(opener->description().recorded == test::ct_description().recorded);
    CHECK(opener->description().transfer_syntax == test::ct_description().transfer_syntax);
    CHECK(opener->regions()[0] == test::region(0x7FE00010, 0, RegionKind::native, 1000));
}

TEST_CASE("regions anywhere in the data set") {
    const std::vector<std::pair<Path, RegionKind>> places = {
        {{{{0x00880200, 0}}, 0x7FE00010}, RegionKind::native},
        {{{{0x00880200, 1}}, 0x7FE00010}, RegionKind::fragment},
        {{{{0x54000100, 0}, {0x00091010, 3}}, 0x54001010}, RegionKind::value},
        {{{}, 0x60003000}, RegionKind::value},
        {test::pixel_data, RegionKind::native}};
    const TestKeys keys;
    auto sealer =
        std::move(*ObjectSealer::begin(keys, test::built_in("rabbit-siv"), test::identity, test::origin));
    std::vector<ByteVector> sealed;
    for (const auto& [path, kind] : places) {
        sealed.push_back(test::pattern(100, 0));
        sealer->begin_region(path, 0, kind);
        sealer->seal_unit(sealed.back());
        sealer->end_region();
    }
    const auto envelope = sealer->finish(test::ct_description());
    REQUIRE(envelope);
    const auto opener = ObjectOpener::begin(*envelope, keys, Catalogue::built_in(), test::identity);
    REQUIRE(opener);
    REQUIRE((*opener)->regions().size() == places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        CHECK(*(*opener)->regions()[i].path == places[i].first);
        CHECK((*opener)->regions()[i].kind == places[i].second);
        REQUIRE((*opener)->open_unit(sealed[i], (*opener)->first_unit(i)));
        CHECK(sealed[i] == test::pattern(100, 0));
    }
}

TEST_CASE("changes without any region are sealed, too") {
    auto description = test::ct_description();
    description.changes = {
        {.how = Change::How::taken_out, .path = {{}, 0x00280106}, .vr = {'U', 'S'}, .original = {0, 4}},
        {.how = Change::How::replaced, .path = {{}, 0x00280101}, .original = {12, 0}, .sealed = {16, 0}},
        {.how = Change::How::added, .path = {{}, 0x00204000}, .sealed = {'s', 'e', 'a', 'l', 'e', 'd'}}};
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {}, "none", description);
    const auto opener = open_sample(sample, keys);
    CHECK(opener->units() == 0);
    CHECK(opener->description().changes == description.changes);
    CHECK(opener->description().recorded == description.recorded);
}

TEST_CASE("every value of the bound context comes back by itself, and so does none") {
    std::vector<BoundContext> contexts(11);
    contexts[1].rows = 0;
    contexts[2].columns = 65535;
    contexts[3].samples_per_pixel = 3;
    contexts[4].photometric_interpretation = "";
    contexts[5].bits_allocated = 8;
    contexts[6].bits_stored = 8;
    contexts[7].high_bit = 7;
    contexts[8].pixel_representation = 0;
    contexts[9].number_of_frames = -1;
    contexts[10].encapsulated_transfer_syntax = "1.2.840.10008.1.2.4.90";
    const TestKeys keys;
    for (const auto& bound : contexts) {
        const auto sample = test::seal_sample(keys, {10}, "none", {bound, {}, ""});
        CHECK(open_sample(sample, keys)->description().bound == bound);
        CHECK(open_sample(sample, keys)->description().recorded.values.empty());
    }
}

TEST_CASE("bound contexts agree if all is equal, one frame said or not") {
    const auto sealed = test::ct_description().bound;
    auto returned = sealed;
    CHECK(agree(sealed, returned));
    returned.number_of_frames = 1;
    CHECK(agree(sealed, returned));
    CHECK(agree(returned, sealed));
    returned.number_of_frames = 2;
    CHECK_FALSE(agree(sealed, returned));
    CHECK_FALSE(agree(returned, sealed));
    returned = sealed;
    returned.rows.reset();
    CHECK_FALSE(agree(sealed, returned));
    returned = sealed;
    returned.encapsulated_transfer_syntax = "1.2.840.10008.1.2.5";
    CHECK_FALSE(agree(sealed, returned));
}

TEST_CASE("a sealed blob of several chunks") {
    auto description = test::ct_description();
    description.recorded.values.emplace_back(0x00100010, std::string((5 << 20) / 2, 'n'));
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {10}, "none", description);
    CHECK(open_sample(sample, keys)->description().recorded == description.recorded);
}

TEST_CASE("the envelope of a plain CT is below 1 KiB") {
    CHECK(test::seal_sample(TestKeys(), {512 * 512 * 2}).envelope.size() < 1024);
}

TEST_CASE("a hundred thousand fragments cost at most 20 bytes each") {
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, std::vector<std::size_t>(100'000, 700), "none");
    CHECK(sample.envelope.size() < 100'000 * 20 + 1024);
    const auto opener = open_sample(sample, keys);
    CHECK(opener->regions().size() == 100'000);
    CHECK(opener->regions()[99'999].order == 99'999);
    CHECK(opener->first_unit(99'999) == 99'999);
}

TEST_CASE("no two sealings have anything in common") {
    const TestKeys keys;
    const auto a = test::seal_sample(keys, {4096});
    const auto b = test::seal_sample(keys, {4096});
    CHECK(a.id != b.id);
    CHECK(a.sealed != b.sealed);
    CHECK(a.plain == b.plain);
}

TEST_CASE("a sealer's calls out of order are bugs") {
    const TestKeys keys;
    auto sealer = std::move(*ObjectSealer::begin(keys, test::built_in("none"), test::identity, test::origin));
    ByteVector unit(10), whole(unit_size), over(unit_size + 1);
    CHECK_THROWS_AS(sealer->seal_unit(unit), std::logic_error);
    CHECK_THROWS_AS(sealer->end_region(), std::logic_error);
    sealer->begin_region(test::pixel_data, 0, RegionKind::native);
    CHECK_THROWS_AS(sealer->begin_region(test::pixel_data, 1, RegionKind::native), std::logic_error);
    CHECK_THROWS_AS(sealer->seal_unit(std::span(unit).first(0)), std::logic_error);
    CHECK_THROWS_AS(sealer->seal_unit(over), std::logic_error);
    sealer->seal_unit(whole);
    sealer->seal_unit(unit);
    CHECK_THROWS_AS(sealer->seal_unit(unit), std::logic_error);  // after the short one
    CHECK_THROWS_AS(sealer->finish({}), std::logic_error);
    sealer->end_region();
    CHECK(sealer->units() == 2);
    REQUIRE(sealer->finish({}));
    CHECK_THROWS_AS(sealer->finish({}), std::logic_error);
    CHECK_THROWS_AS(sealer->begin_region(test::pixel_data, 1, RegionKind::native), std::logic_error);
}

TEST_CASE("keys that cannot be used, at the beginning and at the end") {
    TestKeys keys;
    auto sealer = std::move(*ObjectSealer::begin(keys, test::built_in("none"), test::identity, test::origin));
    keys.usable = false;
    CHECK(sealer->finish({}).failure() == Failure::key_unavailable);
    CHECK(ObjectSealer::begin(keys, test::built_in("none"), test::identity, test::origin).failure() ==
          Failure::key_unavailable);
}

TEST_CASE("keys that are made ahead seal one object, and no other") {
    const TestKeys keys;
    const auto fresh = [&] { return std::move(*FreshKeys::make(keys, test::built_in("rabbit-siv"))); };
    auto first = fresh();
    const auto sealer = std::move(*ObjectSealer::begin(std::move(first), test::identity, test::origin));
    CHECK((*ObjectSealer::begin(fresh(), test::identity, test::origin))->envelope_id() !=
          sealer->envelope_id());
    CHECK_THROWS_AS(ObjectSealer::begin(std::move(first), test::identity, test::origin), std::logic_error);
    const auto plain = test::pattern(1000, 0);
    auto unit = plain;
    sealer->begin_region(test::pixel_data, 0, RegionKind::native);
    sealer->seal_unit(unit);
    sealer->end_region();
    const auto envelope = sealer->finish({});
    REQUIRE(envelope);
    const auto opener = ObjectOpener::begin(*envelope, keys, Catalogue::built_in(), test::identity);
    REQUIRE(opener);
    REQUIRE((*opener)->open_unit(unit, 0));
    CHECK(unit == plain);
    CHECK((*opener)->origin().scanner_ae == test::origin.scanner_ae);
}

TEST_CASE("what does not fit is refused, not cut") {
    const TestKeys keys;
    const auto finish = [&](const ObjectDescription& description) {
        auto sealer =
            std::move(*ObjectSealer::begin(keys, test::built_in("none"), test::identity, test::origin));
        return sealer->finish(description);
    };
    ObjectDescription description;
    description.transfer_syntax = std::string(256, '1');
    CHECK(finish(description).failure() == Failure::over_limit);
    description = {};
    description.bound.photometric_interpretation = std::string(256, 'M');
    CHECK(finish(description).failure() == Failure::over_limit);
    description = {};
    description.recorded.values.resize(1025);
    CHECK(finish(description).failure() == Failure::over_limit);
    const Change deep{.how = Change::How::replaced, .path = {std::vector<PathStep>(33), 0x00280106}};
    description = {};
    description.changes = {deep};
    CHECK(finish(description).failure() == Failure::over_limit);
    description.changes = std::vector<Change>(2, {.how = Change::How::added, .path = test::pixel_data});
    CHECK(finish(description).failure() == Failure::malformed);  // twice at one path

    auto deep_region =
        std::move(*ObjectSealer::begin(keys, test::built_in("none"), test::identity, test::origin));
    deep_region->begin_region(deep.path, 0, RegionKind::value);
    deep_region->end_region();
    CHECK(deep_region->finish({}).failure() == Failure::over_limit);

    auto identity = test::identity;
    identity.tenant = std::string(256, 't');
    CHECK(ObjectSealer::begin(keys, test::built_in("none"), identity, test::origin).failure() ==
          Failure::over_limit);
    const Codec misnamed{"No Such", 1, 0, test::built_in("none").create};
    CHECK(ObjectSealer::begin(keys, misnamed, test::identity, test::origin).failure() ==
          Failure::codec_not_allowed);
}

TEST_CASE("in mode key+registry an object opens with its study's secret, and only with that") {
    TestKeys keys;
    keys.study.emplace(StudySecret{StudySecretId{7}, Secret<32>()});
    std::ranges::fill(keys.study->secret.fill(), std::uint8_t{0x33});
    auto sealer = std::move(
        *ObjectSealer::begin(keys, test::built_in("rabbit-siv"), test::identity, test::origin, &*keys.study));
    const auto plain = test::pattern(1000, 0);
    ByteVector unit = plain;
    sealer->begin_region(test::pixel_data, 0, RegionKind::native);
    sealer->seal_unit(unit);
    sealer->end_region();
    const auto envelope = sealer->finish(test::ct_description());
    REQUIRE(envelope);
    const auto open = [&] {
        return ObjectOpener::begin(*envelope, keys, Catalogue::built_in(), test::identity);
    };

    const auto opener = open();
    REQUIRE(opener);
    REQUIRE((*opener)->open_unit(unit, 0));
    CHECK(unit == plain);

    keys.study->secret.fill()[0] ^= 1;
    CHECK(open().failure() == Failure::bad_commitment);
    keys.study.reset();  // shredded
    CHECK(open().failure() == Failure::no_study_secret);
}
