#include "codec/key_wrap.hpp"

#include <algorithm>
#include <boost/algorithm/hex.hpp>
#include <catch2/catch.hpp>
#include <iterator>
#include <string>

using namespace portcullis::codec;

namespace {
std::vector<std::uint8_t> bytes(const std::string& hex) {
    std::vector<std::uint8_t> out;
    boost::algorithm::unhex(hex, std::back_inserter(out));
    return out;
}

struct Vector {
    std::string kek, key, wrapped;
};

// The first two are RFC 5649 6; the third, with a KEK and key of our lengths, comes from another
// implementation (python3-cryptography, which builds KWP from AES-ECB).
const Vector vectors[] = {
    {"5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "c37b7e6492584340bed12207808941155068f738",
     "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"},
    {"5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "466f7250617369",
     "afbeb0f07dfbf5419200f2ccb50bb24f"},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
     "0b0607b05fd577de7c1cefae2313277d0d36fcb4b3f04f1332c5023c0388e342164f8531741a21ae"},
};
}  // namespace

TEST_CASE("KWP gives the vectors of RFC 5649") {
    for (const auto& vector : vectors) {
        CAPTURE(vector.wrapped);
        REQUIRE(wrap_key(bytes(vector.kek), bytes(vector.key)) == bytes(vector.wrapped));
        std::vector<std::uint8_t> key(bytes(vector.key).size());
        REQUIRE(unwrap_key(bytes(vector.kek), bytes(vector.wrapped), key));
        REQUIRE(key == bytes(vector.key));
    }
}

TEST_CASE("A wrapped key with any bit changed does not unwrap, and leaves nothing") {
    const auto kek = bytes(vectors[2].kek);
    const auto wrapped = bytes(vectors[2].wrapped);
    for (std::size_t bit = 0; bit < 8 * wrapped.size(); ++bit) {
        auto changed = wrapped;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
        std::vector<std::uint8_t> key(32, 0xee);
        REQUIRE_FALSE(unwrap_key(kek, changed, key));
        REQUIRE(std::all_of(key.begin(), key.end(), [](auto byte) { return byte == 0; }));
    }
}

TEST_CASE("Only a key of exactly the expected length unwraps") {
    const auto kek = bytes(vectors[2].kek);
    for (const std::size_t length : {1U, 8U, 31U, 33U, 40U, 64U}) {
        std::vector<std::uint8_t> key(32);
        REQUIRE_FALSE(unwrap_key(kek, *wrap_key(kek, std::vector<std::uint8_t>(length, 1)), key));
    }
    for (const std::size_t length : {0U, 8U, 39U, 41U, 48U, 4096U, 1U << 20}) {
        std::vector<std::uint8_t> key(32);
        REQUIRE_FALSE(unwrap_key(kek, std::vector<std::uint8_t>(length, 1), key));
    }
}

TEST_CASE("A KEK of another length than AES has is refused") {
    REQUIRE_FALSE(wrap_key(std::vector<std::uint8_t>(31), std::vector<std::uint8_t>(32)));
    REQUIRE_FALSE(wrap_key(std::vector<std::uint8_t>(), std::vector<std::uint8_t>(32)));
}
