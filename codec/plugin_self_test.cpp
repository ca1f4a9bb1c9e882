#include "codec/plugin_self_test.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "codec/digest.hpp"
#include "codec/guarded_memory.hpp"
#include "codec/object.hpp"
#include "codec/plugin_loader.hpp"

namespace portcullis::codec {

namespace {

using Bytes = std::vector<std::uint8_t>;

static_assert(PORTCULLIS_PLUGIN_MOST_UNIT == unit_size);
/// Around the sizes of blocks, tables and pages.
constexpr std::size_t lengths[] = {1, 2, 15, 16, 17, 255, 256, 4096, 65537, unit_size - 1, unit_size};
constexpr std::uint64_t numbers[] = {0, 1, (std::uint64_t{1} << 32) + 5};
constexpr std::uint64_t key_seeds[] = {1, 2, 3};
/// From here on a unit comes under one number only: a slow cipher shall pass, too.
constexpr std::size_t long_unit = 65537;

/// The same in every process. SplitMix64 (Steele, Lea and Flood 2014), the high byte of each output.
Bytes pattern(std::size_t length, std::uint64_t seed) {
    Bytes bytes(length);
    std::uint64_t state = seed;
    for (auto& byte : bytes) {
        std::uint64_t mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        byte = static_cast<std::uint8_t>(mixed >> 56);
    }
    return bytes;
}

/// Noise, black and white: images have all of them.
Bytes plain_unit(std::size_t length, std::size_t kind) {
    if (kind % 3 == 0) return pattern(length, length);
    return Bytes(length, kind % 3 == 1 ? 0x00 : 0xFF);
}

struct Case {
    Bytes plain;
    std::uint64_t number;
    Flush flush;
    Digest encrypted{};
};

std::vector<Case> make_cases() {
    std::vector<Case> cases;
    for (const std::size_t length : lengths)
        for (const std::uint64_t number : numbers)
            for (const Flush flush : {Flush::end, Flush::beginning}) {
                if (length >= long_unit && number != numbers[length % 3]) continue;
                // Counted so that the longest unit, which is the most frequent one, gets noise, too.
                cases.push_back({plain_unit(length, cases.size() + (length == unit_size)), number, flush});
            }
    return cases;
}

[[noreturn]] void refuse(const std::string& what, std::size_t length) {
    throw PluginError("failed its self-test: " + what + " (a unit of " + std::to_string(length) + " bytes)");
}

/// A cipher whose key is gone.
class TestedCipher {
  public:
    TestedCipher(const portcullis_plugin& plugin, std::uint64_t seed, Flush flush, const Watch& watch)
        : plugin_(plugin), watch_(watch), key_(plugin.key_length, flush) {
        const Bytes bytes = pattern(key_.bytes().size(), seed);
        std::copy(bytes.begin(), bytes.end(), key_.bytes().begin());
        key_.forbid_writing();
        watch_("create");
        cipher_ = plugin_.create(key_.bytes().data(), key_.bytes().size());
        if (!cipher_) throw PluginError("failed its self-test: create returned NULL");
        key_.forbid_all();
    }
    TestedCipher(const TestedCipher&) = delete;
    TestedCipher& operator=(const TestedCipher&) = delete;

    /// For a cipher that came through: what destroy() does is a part of the test.
    void destroy() {
        watch_("destroy");
        plugin_.destroy(cipher_);
    }

    void encrypt(const GuardedMemory& unit, std::uint64_t number) const {
        call("encrypt_unit", plugin_.encrypt_unit, unit, number);
    }
    void decrypt(const GuardedMemory& unit, std::uint64_t number) const {
        call("decrypt_unit", plugin_.decrypt_unit, unit, number);
    }

  private:
    void call(const std::string& name, decltype(portcullis_plugin::encrypt_unit) function,
              const GuardedMemory& memory, std::uint64_t number) const {
        const auto unit = memory.bytes();
        watch_(name + " of " + std::to_string(unit.size()) + " bytes");
        const std::size_t returned = function(cipher_, unit.data(), unit.size(), number);
        if (returned != unit.size()) refuse(name + " returned " + std::to_string(returned), unit.size());
        if (!memory.rest_is_untouched()) refuse(name + " wrote outside of its unit", unit.size());
    }

    const portcullis_plugin& plugin_;
    const Watch& watch_;
    GuardedMemory key_;
    void* cipher_;
};

/// Encrypts; then the unit must come back.
Digest there_and_back(const TestedCipher& cipher, const Case& one) {
    GuardedMemory unit(one.plain.size(), one.flush);
    std::copy(one.plain.begin(), one.plain.end(), unit.bytes().begin());
    cipher.encrypt(unit, one.number);
    const Digest encrypted = sha256({unit.bytes()});
    cipher.decrypt(unit, one.number);
    if (!std::equal(one.plain.begin(), one.plain.end(), unit.bytes().begin()))
        refuse("decrypt_unit does not undo encrypt_unit", one.plain.size());
    return encrypted;
}

/// Once in order; once more, and in another cipher of the same key, from the last unit to the first.
void test_key(const portcullis_plugin& plugin, std::uint64_t seed, std::vector<Case>& cases,
              const Watch& watch) {
    TestedCipher cipher(plugin, seed, Flush::end, watch);
    TestedCipher twin(plugin, seed, Flush::beginning, watch);
    for (Case& one : cases) one.encrypted = there_and_back(cipher, one);
    std::for_each(cases.rbegin(), cases.rend(), [&](const Case& one) {
        if (there_and_back(cipher, one) != one.encrypted)
            refuse("the same unit came to another result when it came again", one.plain.size());
        if (there_and_back(twin, one) != one.encrypted)
            refuse("another cipher of the same key came to another result", one.plain.size());
    });
    twin.destroy();
    cipher.destroy();
}

}  // namespace

Digest self_test(const portcullis_plugin& plugin, const Watch& watch) {
    auto cases = make_cases();
    Digest all{};
    for (const std::uint64_t seed : key_seeds) {
        test_key(plugin, seed, cases, watch);
        for (const Case& one : cases) all = sha256({all, one.encrypted});
    }
    return all;
}

}  // namespace portcullis::codec
