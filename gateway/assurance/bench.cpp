#include "gateway/assurance/bench.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

#include "codec/aead.hpp"
#include "codec/rabbit/lanes.hpp"
#include "gateway/assurance/peer.hpp"
#include "gateway/assurance/seeded.hpp"

namespace portcullis::assurance {

namespace {

using Span = std::span<std::uint8_t>;
/// Treats one unit in place.
using Treat = std::function<void(Span unit, std::uint64_t number)>;

constexpr int rounds = 5;
constexpr std::size_t buffer_size = 1 << 20;  // as large as what is in the caches when an image passes
constexpr std::size_t image_size = 512 * 512 * 2;
constexpr std::array<std::uint8_t, 32> unit_aad{};  // the gateway's is a SHA-256

struct Contestant {
    std::string what;
    std::size_t unit;
    Treat treat;
    std::array<double, rounds> rates{};  // bytes per second
};

/// Processor time of this thread: what others run on the machine meanwhile does not count.
double seconds_of_thread() {
    std::timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::array<double, rounds> values) {
    std::nth_element(values.begin(), values.begin() + rounds / 2, values.end());
    return values[rounds / 2];
}

/// What is measured anew in every test of the same kind has the same key.
std::array<std::uint8_t, 32> some_key() {
    std::array<std::uint8_t, 32> key;
    std::ranges::copy(Seeded().bytes(key.size()), key.begin());
    return key;
}

/// Contexts are made once. Nothing that is sealed here is kept, so numbers may come again.
Treat aes() {
    return [sealer = std::make_shared<codec::AeadSealer>(some_key())](Span unit, std::uint64_t number) {
        sealer->seal(number, unit_aad, unit);
    };
}
Treat chacha() {
    return [peer = std::shared_ptr(make_chacha20_poly1305(some_key()))](Span unit, std::uint64_t number) {
        peer->seal(number, unit);
    };
}
Treat rabbit_keystream() {
    const auto key = some_key();
    return [lanes = std::make_shared<codec::rabbit::Lanes>(std::span(key).first<16>())](
               Span unit, std::uint64_t) { lanes->apply(unit); };
}
Treat alone(const codec::Codec& codec) {
    return [cipher = std::shared_ptr(codec.create(Seeded().bytes(codec.key_length)))](
               Span unit, std::uint64_t number) { cipher->encrypt(unit, number); };
}
Treat enclosed(const codec::Codec& codec) {
    return [inner = alone(codec), outer = aes()](Span unit, std::uint64_t number) {
        inner(unit, number);
        outer(unit, number);
    };
}

std::vector<Contestant> contestants(const std::vector<const codec::Codec*>& codecs) {
    std::vector<Contestant> all;
    for (const std::size_t unit : {large_unit, small_unit}) {
        all.push_back(
            {"aes-256-gcm", unit, aes()});  // the first of its size is what the others are compared to
        all.push_back({"chacha20-poly1305", unit, chacha()});
        for (const auto* codec : codecs) {
            // The keystream has no setup, and so no sizes.
            if (codec->id == "rabbit-siv" && unit == large_unit)
                all.push_back({"rabbit-siv, keystream only", unit, rabbit_keystream()});
            if (codec->key_length > 0) all.push_back({codec->id, unit, alone(*codec)});
            all.push_back({codec->id + " in aes-256-gcm", unit, enclosed(*codec)});
        }
    }
    return all;
}

/// Passes over the buffer until the time is up; at least one.
double measure(const Contestant& contestant, Span buffer, double seconds) {
    const double began = seconds_of_thread();
    double elapsed = 0;
    std::uint64_t number = 0;
    do {
        for (std::size_t at = 0; at < buffer.size(); at += contestant.unit)
            contestant.treat(buffer.subspan(at, contestant.unit), number++);
        elapsed = seconds_of_thread() - began;
    } while (elapsed < seconds);
    return static_cast<double>(number) * static_cast<double>(contestant.unit) / elapsed;
}

double seconds_of_image(const codec::Codec& codec, Span pixels) {
    const double began = seconds_of_thread();
    const Treat treat = enclosed(codec);
    for (std::size_t at = 0; at < pixels.size(); at += large_unit)
        treat(pixels.subspan(at, large_unit), at / large_unit);
    return seconds_of_thread() - began;
}

std::vector<Speed> speeds_of(const std::vector<Contestant>& all) {
    std::vector<Speed> speeds;
    for (const auto& one : all) {
        const auto& aes = *std::ranges::find(all, one.unit, &Contestant::unit);
        std::array<double, rounds> ratios;
        for (std::size_t i = 0; i < rounds; ++i) ratios[i] = one.rates[i] / aes.rates[i];
        speeds.push_back({one.what, one.unit, median(one.rates) / 1e9, median(ratios)});
    }
    return speeds;
}

}  // namespace

Bench run_bench(const std::vector<const codec::Codec*>& codecs, double seconds,
                const std::function<void(int, int)>& progress) {
    auto all = contestants(codecs);
    std::vector<std::array<double, rounds>> images(codecs.size());
    Bytes buffer = Seeded().bytes(buffer_size);
    const double slice = seconds / (rounds * static_cast<double>(all.size()));
    for (std::size_t round = 0; round < rounds; ++round) {
        for (auto& one : all) one.rates[round] = measure(one, buffer, slice);
        for (std::size_t i = 0; i < codecs.size(); ++i)
            images[i][round] = seconds_of_image(*codecs[i], Span(buffer).first(image_size));
        progress(static_cast<int>(round) + 1, rounds);
    }
    Bench bench{speeds_of(all), {}};
    for (std::size_t i = 0; i < codecs.size(); ++i)
        bench.images.push_back({codecs[i]->id, 1e3 * median(images[i])});
    return bench;
}

}  // namespace portcullis::assurance
