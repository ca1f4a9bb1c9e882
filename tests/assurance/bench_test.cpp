// What is measured, not how fast it is.

#include "gateway/assurance/bench.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/assurance/peer.hpp"
#include "tests/codec/hex.hpp"

using namespace portcullis;
using namespace portcullis::assurance;

TEST_CASE("Every codec is measured alone and enclosed, at both sizes, beside AES-256-GCM as 1") {
    std::vector<const codec::Codec*> codecs;
    for (const auto& [id, codec] : codec::Catalogue::built_in().all()) codecs.push_back(&codec);
    int rounds = 0;
    const auto bench = run_bench(codecs, 0.01, [&](int done, int of) {
        CHECK(done == ++rounds);
        CHECK(of == 5);
    });
    CHECK(rounds == 5);
    std::vector<std::string> measured;
    for (const auto& speed : bench.speeds) {
        measured.push_back(speed.what + ' ' + std::to_string(speed.unit));
        CHECK(speed.gigabytes > 0);
        if (speed.what == "aes-256-gcm") CHECK(speed.ratio == 1);
    }
    std::vector<std::string> expected = {"rabbit-siv, keystream only 262144"};
    for (const std::string unit : {" 262144", " 8192"})
        for (const char* what : {"aes-256-gcm", "chacha20-poly1305", "rabbit-siv",
                                 "rabbit-siv in aes-256-gcm", "none in aes-256-gcm"})
            expected.push_back(what + unit);
    std::ranges::sort(measured);
    std::ranges::sort(expected);
    CHECK(measured == expected);
    REQUIRE(bench.images.size() == 2);
    CHECK(bench.images[0].milliseconds > 0);
}

TEST_CASE("The peer is ChaCha20 of RFC 8439") {
    // Key stream of block 1 under the key 0..31 and a nonce of zeros, by an independent program.
    std::array<std::uint8_t, 32> key;
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
    std::vector<std::uint8_t> text(16);
    make_chacha20_poly1305(key)->seal(0, text);
    CHECK(test::to_hex(text) == "18b84231ade6a6d113615c61af434e27");
}
