#include "gateway/assurance/judge.hpp"

#include <algorithm>
#include <cmath>

#include "codec/object_keys.hpp"

namespace portcullis::assurance {

namespace {

Bytes encrypted(codec::UnitCipher& cipher, ByteView plain, std::uint64_t number) {
    Bytes unit(plain.begin(), plain.end());
    cipher.encrypt(unit, number);
    return unit;
}

Bytes with_changed(std::size_t bit, Bytes bytes) {
    flip_bit(bytes, bit);
    return bytes;
}

/// As sealing derives it.
Bytes codec_key_of(const Bytes& object_key, const codec::Salt& salt, const codec::Codec& codec) {
    codec::Dek dek;
    std::ranges::copy(object_key, dek.fill().begin());
    const auto keys = codec::derive_keys(dek, {}, salt, codec::Mode::key, codec);
    const auto key = keys.codec.view();
    return Bytes(key.begin(), key.end());
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
    const Ciphers ciphers = make_ciphers();
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
        ciphers.same->encrypt(cipher, place.number);
        result.units.push_back(judge_unit(plain, cipher, place.number, ciphers));
        count(result.histogram_before, plain);
        count(result.histogram_after, cipher);
    }
    correlate_image(image, judged.cipher, result);
    return judged;
}

Judge::Ciphers Judge::make_ciphers() {
    const Bytes object_key = seeded_.bytes(sizeof(codec::Dek));
    codec::Salt salt;
    std::ranges::copy(seeded_.bytes(salt.size()), salt.begin());
    const Bytes key = codec_key_of(object_key, salt, codec_);
    Ciphers ciphers;
    ciphers.same = codec_.create(key);
    if (const auto& bits = key_bits_.reaching; !bits.empty())
        ciphers.other_codec_key = codec_.create(with_changed(bits[seeded_.below(bits.size())], key));
    const Bytes other = with_changed(seeded_.below(8 * object_key.size()), object_key);
    ciphers.other_object_key = codec_.create(codec_key_of(other, salt, codec_));
    return ciphers;
}

UnitResult Judge::judge_unit(ByteView plain, ByteView cipher, std::uint64_t number, const Ciphers& ciphers) {
    const Histogram after = histogram_of(cipher);
    UnitResult result{
        number, plain.size(), entropy(histogram_of(plain)), entropy(after), chi_square(after), {}, {}, {},
        {}};
    if (plain.size() >= least_entropy_unit)
        tallies_.add(Metric::entropy, demand(result.entropy_after > least_entropy), result.entropy_after,
                     static_cast<double>(plain.size()));
    if (plain.size() >= least_chi_square_unit) {
        result.chi_square = chi_square_test(result.chi_square_after, 255);
        tallies_.add(Metric::chi_square, *result.chi_square, result.chi_square_after, 1);
    }
    if (plain.size() < least_difference_unit) return result;
    const Bytes changed = with_changed(seeded_.below(8 * plain.size()), Bytes(plain.begin(), plain.end()));
    result.text = judge_change(cipher, encrypted(*ciphers.same, changed, number), text_bit);
    if (ciphers.other_codec_key)
        result.codec_key =
            judge_change(cipher, encrypted(*ciphers.other_codec_key, plain, number), codec_key_bit);
    result.object_key =
        judge_change(cipher, encrypted(*ciphers.other_object_key, plain, number), object_key_bit);
    return result;
}

Change Judge::judge_change(ByteView before, ByteView after, const ChangeMetrics& metrics) {
    Change change{compare(before, after, 8), compare(before, after, 16), {}, {}, {}, {}};
    change.npcr8 = npcr_test(change.words8, 8);
    change.uaci8 = uaci_test(change.words8, 8);
    change.npcr16 = npcr_test(change.words16, 16);
    change.uaci16 = uaci_test(change.words16, 16);
    const auto words8 = static_cast<double>(change.words8.words);
    const auto words16 = static_cast<double>(change.words16.words);
    tallies_.add(metrics.npcr8, change.npcr8, change.words8.npcr, words8);
    tallies_.add(metrics.uaci8, change.uaci8, change.words8.uaci, words8);
    tallies_.add(metrics.npcr16, change.npcr16, change.words16.npcr, words16);
    tallies_.add(metrics.uaci16, change.uaci16, change.words16.uaci, words16);
    return change;
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
