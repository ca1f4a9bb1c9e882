#include "gateway/assurance/judge.hpp"

#include <algorithm>
#include <cmath>

namespace portcullis::assurance {

namespace {

Bytes encrypted(codec::UnitCipher& cipher, ByteView plain, std::uint64_t number) {
    Bytes unit(plain.begin(), plain.end());
    cipher.encrypt(unit, number);
    return unit;
}

Change compare_units(ByteView a, ByteView b) {
    Change change{compare(a, b, 8), compare(a, b, 16), {}, {}, {}, {}};
    change.npcr8 = npcr_test(change.words8, 8);
    change.uaci8 = uaci_test(change.words8, 8);
    change.npcr16 = npcr_test(change.words16, 16);
    change.uaci16 = uaci_test(change.words16, 16);
    return change;
}

Histogram histogram_of(ByteView bytes) {
    Histogram histogram{};
    count(histogram, bytes);
    return histogram;
}

std::vector<Raster> rasters_of(const Image& image, const std::vector<Bytes>& regions) {
    if (image.layout) return rasters(*image.layout, regions.front());
    std::vector<Raster> rows;
    for (const Bytes& region : regions) rows.push_back(in_a_row(region));
    return rows;
}

}  // namespace

Judge::Judge(const codec::Codec& codec, std::uint64_t seed)
    : codec_(codec), seeded_(seed), key_bits_(probe_key(codec, seeded_)) {
    const std::size_t reaching = key_bits_.reaching.size();
    tallies_.add(Metric::key_bits, demand(reaching >= least_key_bits), static_cast<double>(reaching), 1);
}

JudgedImage Judge::judge(const Image& image) {
    const Bytes key = seeded_.bytes(codec_.key_length);
    const auto same = codec_.create(key);
    const auto other = key_bits_.reaching.empty() ? nullptr : codec_.create(with_one_bit_changed(key));
    JudgedImage judged{{}, image.regions};
    ImageResult& result = judged.result;
    result.name = image.name;
    result.encoding = image.encoding;
    result.native = image.native;
    result.in_raster = image.layout.has_value();
    result.bytes = image.bytes();
    for (const UnitPlace& place : units_of(image)) {
        const ByteView plain = ByteView(image.regions[place.region]).subspan(place.offset, place.size);
        const auto cipher = MutableByteView(judged.cipher[place.region]).subspan(place.offset, place.size);
        same->encrypt(cipher, place.number);
        result.units.push_back(judge_unit(plain, cipher, place.number, *same, other.get()));
        count(result.histogram_before, plain);
        count(result.histogram_after, cipher);
    }
    correlate_image(image, judged.cipher, result);
    return judged;
}

Bytes Judge::with_one_bit_changed(Bytes key) {
    const auto& bits = key_bits_.reaching;
    flip_bit(key, bits[seeded_.below(bits.size())]);
    return key;
}

UnitResult Judge::judge_unit(ByteView plain, ByteView cipher, std::uint64_t number, codec::UnitCipher& same,
                             codec::UnitCipher* other) {
    const Histogram after = histogram_of(cipher);
    UnitResult result{
        number, plain.size(), entropy(histogram_of(plain)), entropy(after), chi_square(after), {}, {}, {}};
    if (plain.size() >= least_entropy_unit)
        tallies_.add(Metric::entropy, demand(result.entropy_after > least_entropy), result.entropy_after,
                     static_cast<double>(plain.size()));
    if (plain.size() >= least_chi_square_unit) {
        result.chi_square = chi_square_test(result.chi_square_after, 255);
        tallies_.add(Metric::chi_square, *result.chi_square, result.chi_square_after, 1);
    }
    if (plain.size() < least_difference_unit) return result;
    Bytes changed(plain.begin(), plain.end());
    flip_bit(changed, seeded_.below(8 * changed.size()));
    same.encrypt(changed, number);
    result.text = compare_units(cipher, changed);
    tally(*result.text, true);
    if (other) {
        result.key = compare_units(cipher, encrypted(*other, plain, number));
        tally(*result.key, false);
    }
    return result;
}

void Judge::tally(const Change& change, bool of_text) {
    const auto add = [this](Metric metric, const Test& test, double value, const Difference& difference) {
        tallies_.add(metric, test, value, static_cast<double>(difference.words));
    };
    add(of_text ? Metric::npcr8_text : Metric::npcr8_key, change.npcr8, change.words8.npcr, change.words8);
    add(of_text ? Metric::uaci8_text : Metric::uaci8_key, change.uaci8, change.words8.uaci, change.words8);
    add(of_text ? Metric::npcr16_text : Metric::npcr16_key, change.npcr16, change.words16.npcr,
        change.words16);
    add(of_text ? Metric::uaci16_text : Metric::uaci16_key, change.uaci16, change.words16.uaci,
        change.words16);
}

void Judge::correlate_image(const Image& image, const std::vector<Bytes>& cipher, ImageResult& result) {
    const auto before = rasters_of(image, image.regions);
    const auto after = rasters_of(image, cipher);
    for (std::size_t i = 0; i < directions.size(); ++i) {
        result.before[i] = correlate(before, directions[i]);
        const Correlation found = result.after[i] = correlate(after, directions[i]);
        if (found.pairs < least_pairs) continue;
        const double pairs = static_cast<double>(found.pairs);
        const auto test = found.r ? normal_test(*found.r, 0, 1 / std::sqrt(pairs), 4) : demand(false);
        tallies_.add(Metric::correlation, test, found.r.value_or(1), pairs);
    }
}

}  // namespace portcullis::assurance
