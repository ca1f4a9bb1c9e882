// The judge must let a good cipher pass, and must not let weak ones: every kind of weakness has its metric.

#include "gateway/assurance/judge.hpp"

#include <bit>
#include <catch2/catch.hpp>

#include "codec/object_keys.hpp"
#include "tests/assurance/weak_codecs.hpp"

using namespace portcullis;
using namespace portcullis::assurance;

namespace {

Tallies judged(const codec::Codec& codec) {
    Judge judge(codec);
    for (const Image& image : degenerate_images()) (void)judge.judge(image);
    return judge.tallies();
}

bool good(const Tallies& tallies, Metric metric) {
    return tallies.of(metric).at_expectation();
}

std::array<Metric, 4> all_of(const ChangeMetrics& metrics) {
    return {metrics.npcr8, metrics.npcr16, metrics.uaci8, metrics.uaci16};
}

std::size_t bits_that_differ(const Bytes& a, const Bytes& b) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        bits += static_cast<std::size_t>(std::popcount(static_cast<std::uint8_t>(a[i] ^ b[i])));
    return bits;
}

}  // namespace

TEST_CASE("rabbit-siv is at expectation on degenerate images") {
    const auto tallies = judged(*codec::Catalogue::built_in().find("rabbit-siv"));
    for (std::size_t i = 0; i < metric_count; ++i) {
        INFO(text_of(static_cast<Metric>(i)).name);
        CHECK(good(tallies, static_cast<Metric>(i)));
    }
    CHECK(tallies.deviations().empty());
    CHECK(tallies.of(Metric::npcr16_text).tests == 9);  // three units of 8, six of 16 bits
    for (const auto metric : {Metric::npcr8_codec_key, Metric::npcr8_object_key}) {
        CHECK(tallies.of(metric).tests == 9);
        CHECK(tallies.of(metric).mean() == Approx(0.99609375).epsilon(1e-3));
    }
}

TEST_CASE("A constant that is XORed is found out by every kind of metric") {
    const auto tallies = judged(weak_codec<XorConstant>("xor", 32));
    CHECK_FALSE(tallies.deviations().empty());
    // Not by NPCR of 16 bits for another key: no word stays as it was, and of 2 expected that is no wonder.
    for (const auto metric :
         {Metric::entropy, Metric::chi_square, Metric::correlation, Metric::npcr8_text, Metric::npcr16_text,
          Metric::uaci8_text, Metric::uaci16_text, Metric::npcr8_object_key, Metric::uaci8_object_key,
          Metric::uaci16_object_key, Metric::key_bits}) {
        INFO(text_of(metric).name);
        CHECK_FALSE(good(tallies, metric));
    }
}

TEST_CASE("A good keystream without diffusion is found out by the changed bit of the plaintext alone") {
    const auto tallies = judged(weak_codec<StreamOnly>("stream", 80));
    CHECK_FALSE(tallies.deviations().empty());
    for (const auto metric : all_of(text_bit)) CHECK_FALSE(good(tallies, metric));
    for (const auto metric : all_of(object_key_bit)) CHECK(good(tallies, metric));
    for (const auto metric : {Metric::entropy, Metric::chi_square, Metric::correlation})
        CHECK(good(tallies, metric));
}

TEST_CASE("A cipher that ignores its key is found out") {
    const auto tallies = judged(weak_codec<KeyIgnored>("keyless", 80));
    CHECK_FALSE(good(tallies, Metric::key_bits));
    CHECK(tallies.of(Metric::npcr8_codec_key).tests == 0);  // there is no bit to change
    for (const auto metric : all_of(object_key_bit)) {
        INFO(text_of(metric).name);
        CHECK(tallies.of(metric).tests == 9);
        CHECK_FALSE(good(tallies, metric));
    }
    CHECK(good(tallies, Metric::npcr8_text));
    CHECK_FALSE(tallies.deviations().empty());
}

TEST_CASE("The keys are those that sealing derives from an object's key, and from one of another bit") {
    auto codec = *codec::Catalogue::built_in().find("rabbit-siv");
    std::vector<Bytes> keys;  // that ciphers were made of
    codec.create = [&keys, create = codec.create](auto key) {
        keys.emplace_back(key.begin(), key.end());
        return create(key);
    };
    Seeded seeded(7);
    (void)probe_key(codec, seeded);
    Bytes object_key = seeded.bytes(32);
    codec::Salt salt;
    std::ranges::copy(seeded.bytes(32), salt.begin());
    const auto derived = [&] {
        const codec::Dek dek{std::span<const std::uint8_t, 32>(object_key)};
        const auto all = codec::derive_keys(dek, {}, salt, codec::Mode::key, codec);
        return Bytes(all.codec.view().begin(), all.codec.view().end());
    };
    Judge judge(codec, 7);
    keys.clear();
    (void)judge.judge(degenerate_images().front());
    REQUIRE(keys.size() == 3);
    CHECK(keys[0] == derived());
    CHECK(bits_that_differ(keys[0], keys[1]) == 1);
    std::size_t found = 0;
    for (std::size_t bit = 0; bit < 256; ++bit) {
        flip_bit(object_key, bit);
        found += keys[2] == derived();
        flip_bit(object_key, bit);
    }
    CHECK(found == 1);
}

TEST_CASE("none is what it is") {
    CHECK_FALSE(judged(*codec::Catalogue::built_in().find("none")).deviations().empty());
}

TEST_CASE("Nothing judged is not good") {
    CHECK_FALSE(Tallies().deviations().empty());
}

TEST_CASE("The same seed gives the same report, another one other keys") {
    const auto& codec = *codec::Catalogue::built_in().find("rabbit-siv");
    const Image image = degenerate_images().front();
    const auto once = Judge(codec).judge(image);
    CHECK(once.cipher == Judge(codec).judge(image).cipher);
    CHECK(once.cipher != Judge(codec, 1).judge(image).cipher);
}

TEST_CASE("The bits of rabbit-siv's key are counted: 22 that Poly1305 clears, 256 that the IV does not see") {
    Seeded seeded;
    const KeyBits bits = probe_key(*codec::Catalogue::built_in().find("rabbit-siv"), seeded);
    CHECK(bits.without_effect == 22);
    CHECK(bits.partial == 256);
    CHECK(bits.most_left == 16);
    CHECK(bits.reaching.size() == 640 - 22 - 256);
}

TEST_CASE("Units are counted, and judged where the figure means something") {
    Image image;
    image.name = "fragments";
    image.native = false;
    for (const std::size_t size : {1023, 1024, 1279, 1280, 65535, 65536}) image.regions.emplace_back(size);
    Judge judge(*codec::Catalogue::built_in().find("rabbit-siv"));
    const auto result = judge.judge(image).result;
    REQUIRE(result.units.size() == 6);
    CHECK((!result.units[0].text && !result.units[0].codec_key && !result.units[0].object_key));
    CHECK((result.units[1].text && result.units[1].codec_key && result.units[1].object_key));
    CHECK((!result.units[2].chi_square && result.units[3].chi_square));
    CHECK(judge.tallies().of(Metric::npcr8_text).tests == 5);
    CHECK(judge.tallies().of(Metric::chi_square).tests == 3);
    CHECK(judge.tallies().of(Metric::entropy).tests == 1);
    CHECK(result.after[0].pairs == 1022 + 1023 + 1278 + 1279 + 65534 + 65535);
    CHECK(result.after[1].pairs == 0);
}

TEST_CASE("A metric allows as many outliers as chance does, and no single impossible result") {
    const auto with = [](std::uint64_t tests, std::uint64_t outliers, double least_p) {
        Tally tally;
        tally.tests = tests;
        tally.outliers = outliers;
        tally.expected_outliers = 0.0027 * static_cast<double>(tests);
        tally.least_p = least_p;
        return tally.at_expectation();
    };
    CHECK(with(1000, 3, 1e-3));
    CHECK(with(1000, 8, 1e-3));         // P(>= 8 | 2.7) = 0.0066
    CHECK_FALSE(with(1000, 12, 1e-3));  // P(>= 12 | 2.7) = 0.00003
    CHECK_FALSE(with(1000, 1, 1e-10));
    CHECK(with(1000, 1, 1e-8));
}
