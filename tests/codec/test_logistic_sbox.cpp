// The plugin logistic-sbox, through the plugin ABI alone: codec/plugins/logistic_sbox/README.md.
#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <utility>

#include "codec/digest.hpp"
#include "codec/plugin.h"
#include "codec/wire.hpp"
#include "tests/codec/unit_vectors.hpp"

using namespace portcullis::codec;
using namespace portcullis::test;

namespace {

const portcullis_plugin& plugin() {
    static const portcullis_plugin* const described = [] {
        void* const module = dlopen(PORTCULLIS_LOGISTIC_SBOX, RTLD_NOW | RTLD_LOCAL);
        if (module == nullptr) throw std::runtime_error(dlerror());
        void* const describe = dlsym(module, "portcullis_plugin_describe");
        if (describe == nullptr) throw std::runtime_error(dlerror());
        return reinterpret_cast<decltype(&portcullis_plugin_describe)>(describe)();
    }();
    return *described;
}

using Cipher = std::unique_ptr<void, void (*)(void*)>;

Cipher make_cipher(const ByteVector& key) {
    Cipher cipher(plugin().create(key.data(), key.size()), plugin().destroy);
    REQUIRE(cipher);
    return cipher;
}

ByteVector encrypted(const Cipher& cipher, ByteVector unit, std::uint64_t number) {
    REQUIRE(plugin().encrypt_unit(cipher.get(), unit.data(), unit.size(), number) == unit.size());
    return unit;
}

ByteVector decrypted(const Cipher& cipher, ByteVector unit, std::uint64_t number) {
    REQUIRE(plugin().decrypt_unit(cipher.get(), unit.data(), unit.size(), number) == unit.size());
    return unit;
}

ByteVector some_key(std::size_t which = 0) {
    ByteVector key(32);
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(73 * i + 101 * which);
    return key;
}

/// Compares results that ought to be unrelated: how many samples differ, and by how much.
class Comparison {
  public:
    explicit Comparison(std::size_t sample_size) : _size(sample_size), _levels(std::exp2(8 * sample_size)) {}

    void add(const ByteVector& a, const ByteVector& b) {
        for (std::size_t at = 0; at < a.size(); at += _size) {
            const double difference = sample(a, at) - sample(b, at);
            _count += 1;
            _changed += difference != 0;
            _distance += std::abs(difference);
        }
    }

    /// NPCR and UACI, as their distances from what two random images have, in standard errors.
    double npcr() const {
        const double expected = 1 - 1 / _levels;
        return (_changed / _count - expected) / std::sqrt(expected * (1 - expected) / _count);
    }
    double uaci() const {
        const double expected = (_levels * _levels - 1) / (3 * _levels);
        const double variance = (_levels * _levels - 1) / 6 - expected * expected;
        return (_distance / _count - expected) / std::sqrt(variance / _count);
    }

  private:
    double sample(const ByteVector& unit, std::size_t at) const {
        return _size == 1 ? unit[at] : unit[at] + 256 * unit[at + 1];
    }

    std::size_t _size;
    double _levels, _count = 0, _changed = 0, _distance = 0;
};

void check_unrelated(const std::vector<std::pair<ByteVector, ByteVector>>& pairs) {
    for (const std::size_t sample_size : {1, 2}) {
        Comparison comparison(sample_size);
        for (const auto& [a, b] : pairs) comparison.add(a, b);
        INFO("samples of " << sample_size << " bytes");
        CHECK(std::abs(comparison.npcr()) < 4);
        CHECK(std::abs(comparison.uaci()) < 4);
    }
}

}  // namespace

TEST_CASE("logistic-sbox describes itself") {
    CHECK(plugin().abi == PORTCULLIS_PLUGIN_ABI);
    CHECK(plugin().id == std::string("logistic-sbox"));
    CHECK(plugin().version == 1);
    CHECK(plugin().key_length == 32);
}

TEST_CASE("every line of logistic-sbox-vectors.txt, both ways") {
    const auto file = read_unit_vectors("logistic-sbox-vectors.txt");
    REQUIRE(file.vectors.size() == 126);
    const auto cipher = make_cipher(file.key), another = make_cipher(file.key);
    for (const auto& vector : file.vectors) {
        INFO(vector.length << " " << vector.plaintext << " unit " << vector.unit);
        const ByteVector plain = plaintext_of(vector);
        const ByteVector sealed = encrypted(cipher, plain, vector.unit);
        CHECK(to_hex(sha256({sealed})) == vector.sha256);
        if (vector.ciphertext != "-") CHECK(to_hex(sealed) == vector.ciphertext);
        CHECK(decrypted(another, sealed, vector.unit) == plain);
    }
}

// 64 units each, because two 16-bit samples are alike but once in 65536: after one round they never are.
TEST_CASE("logistic-sbox: one changed bit anywhere in a unit gives an unrelated one") {
    const std::size_t at = GENERATE(0, 32767, 65535);
    const auto cipher = make_cipher(some_key());
    const ByteVector zero(65536);
    ByteVector changed = zero;
    changed[at] = 1;
    std::vector<std::pair<ByteVector, ByteVector>> pairs;
    for (std::uint64_t unit = 0; unit < 64; ++unit) {
        pairs.emplace_back(encrypted(cipher, zero, unit), encrypted(cipher, changed, unit));
    }
    INFO("byte " << at);
    check_unrelated(pairs);
}

TEST_CASE("logistic-sbox: every bit of the key counts") {
    const ByteVector zero(8192);
    std::vector<std::pair<ByteVector, ByteVector>> pairs;
    for (std::size_t bit = 0; bit < 256; ++bit) {
        const ByteVector key = some_key(bit);
        ByteVector changed = key;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        pairs.emplace_back(encrypted(make_cipher(key), zero, 0), encrypted(make_cipher(changed), zero, 0));
        Comparison alone(1);
        alone.add(pairs.back().first, pairs.back().second);
        INFO("key bit " << bit);
        CHECK(std::abs(alone.npcr()) < 5);
    }
    check_unrelated(pairs);
}

TEST_CASE("logistic-sbox: every bit of the unit number counts, and the length") {
    const auto cipher = make_cipher(some_key());
    const ByteVector zero(8192);
    std::vector<std::pair<ByteVector, ByteVector>> numbers, lengths;
    for (unsigned bit = 0; bit < 64; ++bit) {
        const std::uint64_t number = bit * 0x0123456789abcdefU;
        const ByteVector unit = encrypted(cipher, zero, number);
        numbers.emplace_back(unit, encrypted(cipher, zero, number ^ std::uint64_t{1} << bit));
        ByteVector longer = encrypted(cipher, ByteVector(zero.size() + 1), number);
        longer.pop_back();
        lengths.emplace_back(unit, longer);
    }
    check_unrelated(numbers);
    check_unrelated(lengths);
}

// A weakness, and README.md says so: nothing but the AES-256-GCM around it keeps a unit from being changed.
TEST_CASE("logistic-sbox: a changed byte of the ciphertext changes nine bytes at most") {
    const auto cipher = make_cipher(some_key());
    const ByteVector plain(4096, 7);
    ByteVector forged = encrypted(cipher, plain, 3);
    forged[2000] ^= 1;
    forged = decrypted(cipher, forged, 3);
    CHECK(forged != plain);
    std::copy_n(plain.begin() + 1996, 9, forged.begin() + 1996);
    CHECK(forged == plain);
}

TEST_CASE("logistic-sbox refuses what the contract excludes") {
    const ByteVector key = some_key();
    CHECK(plugin().create(key.data(), key.size() - 1) == nullptr);
    const auto cipher = make_cipher(key);
    const ByteVector plain(PORTCULLIS_PLUGIN_MOST_UNIT + 1);
    ByteVector unit = plain;
    CHECK(plugin().encrypt_unit(cipher.get(), unit.data(), unit.size(), 0) == 0);
    CHECK(plugin().decrypt_unit(cipher.get(), unit.data(), unit.size(), 0) == 0);
    CHECK(unit == plain);
}
