// Rabbit against RFC 4503 appendix A and the eSTREAM set; the sixteen lanes against single Rabbits.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit/lanes.hpp"
#include "codec/rabbit/rabbit.hpp"
#include "codec/wire.hpp"
#include "tests/codec/hex.hpp"

namespace portcullis::codec::rabbit {
/// codec/rabbit/lanes_avx512.cpp, compiled against intrinsics in plain C.
void apply_emulated_avx512(LaneStates&, std::uint8_t* text, std::size_t blocks);
}  // namespace portcullis::codec::rabbit

using namespace portcullis::codec;
using portcullis::test::from_hex;
using portcullis::test::to_hex;

namespace {

using Key = std::array<std::uint8_t, 16>;

Key key_of(std::string_view hex) {
    Key key;
    std::ranges::copy(from_hex(hex), key.begin());
    return key;
}

ByteVector keystream(rabbit::State state, std::size_t size) {
    ByteVector out;
    while (out.size() < size) {
        state.step();
        for (const auto word : state.extract()) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                out.push_back(static_cast<std::uint8_t>(word >> shift));
            }
        }
    }
    out.resize(size);
    return out;
}

std::uint64_t little_endian(const ByteVector& bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | bytes[i];
    return number;
}

/// RFC 4503 prints 128-bit numbers, most significant byte first: key, IV and each block reversed.
std::string rfc_keystream(const std::string& key, const std::string& iv) {
    auto reversed_key = from_hex(key);
    std::ranges::reverse(reversed_key);
    auto state = rabbit::key_setup(std::span(reversed_key).first<16>());
    if (!iv.empty()) {
        auto reversed_iv = from_hex(iv);
        std::ranges::reverse(reversed_iv);
        state.set_iv(little_endian(reversed_iv));
    }
    auto out = keystream(state, 48);
    for (std::size_t at = 0; at < out.size(); at += 16) std::reverse(out.begin() + at, out.begin() + at + 16);
    return to_hex(out);
}

std::string estream_keystream(const std::string& key, const std::string& iv, std::size_t size) {
    auto state = rabbit::key_setup(key_of(key));
    state.set_iv(little_endian(from_hex(iv)));
    return to_hex(keystream(state, size));
}

/// Those of this processor, and AVX-512's on any processor.
std::vector<rabbit::Implementation> all_implementations() {
    auto all = rabbit::implementations();
    all.push_back({"avx512, emulated", rabbit::apply_emulated_avx512});
    return all;
}

std::string processor_flags() {
    std::ifstream cpuinfo("/proc/cpuinfo");
    for (std::string line; std::getline(cpuinfo, line);) {
        if (line.starts_with("flags")) return line + ' ';
    }
    return "";
}

}  // namespace

TEST_CASE("RFC 4503 A.1: without IV") {
    CHECK(rfc_keystream("00000000000000000000000000000000", "") ==
          "b15754f036a5d6ecf56b45261c4af702"
          "88e8d815c59c0c397b696c4789c68aa7"
          "f416a1c3700cd451da68d1881673d696");
    CHECK(rfc_keystream("912813292e3d36fe3bfc62f1dc51c3ac", "") ==
          "3d2df3c83ef627a1e97fc38487e2519c"
          "f576cd61f4405b8896bf53aa8554fc19"
          "e5547473fbdb43508ae53b20204d4c5e");
    CHECK(rfc_keystream("8395741587e0c733e9e9ab01c09b0043", "") ==
          "0cb10dcda041cdac32eb5cfd02d0609b"
          "95fc9fca0f17015a7b7092114cff3ead"
          "9649e5de8bfc7f3f924147ad3a947428");
}

TEST_CASE("RFC 4503 A.2: with IV") {
    const std::string key(32, '0');
    CHECK(rfc_keystream(key, "0000000000000000") ==
          "c6a7275ef85495d87ccd5d376705b7ed"
          "5f29a6ac04f5efd47b8f293270dc4a8d"
          "2ade822b29de6c1ee52bdb8a47bf8f66");
    CHECK(rfc_keystream(key, "c373f575c1267e59") ==
          "1fcd4eb9580012e2e0dccc9222017d6d"
          "a75f4e10d12125017b2499ffed936f2e"
          "ebc112c393e738392356bdd012029ba7");
    CHECK(rfc_keystream(key, "a6eb561ad2f41727") ==
          "445ad8c805858dbf70b6af23a151104d"
          "96c8f27947f42c5baeae67c6acc35b03"
          "9fcbfc895fa71c17313df034f01551cb");
}

TEST_CASE("eSTREAM: sets 5 and 6") {
    CHECK(estream_keystream("00000000000000000000000000000000", "0000000000000001", 48) ==
          "55fb0b90a9fb953ae96d372badbebd30"
          "f531a454d31b669bcd8baad78c6c9994"
          "ffccec7acb22f914a072da22a617c0b7");
    CHECK(estream_keystream("0053a6f94c9ff24598eb3e91e4378add", "0d74db42a91077de", 48) ==
          "75d186d6bc6905c64f1b2dfdd51f7bfc"
          "d74f926e6976cd0a9b1a3ae9dd8cb43f"
          "f5cd60f2541ff7f22c5c70ce07613989");
    CHECK(estream_keystream("0558abfe51a4f74a9df04396e93c8fe2", "167de44bb21980e7", 16) ==
          "476e2750c73856c93563b5f546f56a6a");
    CHECK(estream_keystream("0a5db00356a9fc4fa2f5489bee4194e7", "1f86ed54bb2289f0", 16) ==
          "921fcf4983891365a7dc901924b5e24b");
}

TEST_CASE("every implementation gives the same keystream") {
    // Sixteen Rabbits, word-major. Every counter has carried by then.
    const Key key = key_of("0053a6f94c9ff24598eb3e91e4378add");
    constexpr std::size_t blocks = 200;
    ByteVector expected(blocks * rabbit::block_size);
    for (std::size_t lane = 0; lane < rabbit::lane_count; ++lane) {
        auto single = rabbit::key_setup(key);
        single.set_iv(lane);
        const ByteVector stream = keystream(single, blocks * 16);
        for (std::size_t at = 0; at < stream.size(); ++at) {
            const std::size_t block = at / 16, word = at % 16 / 4, byte = at % 4;
            expected[block * rabbit::block_size + word * 64 + lane * 4 + byte] = stream[at];
        }
    }
    for (const auto& implementation : all_implementations()) {
        INFO(implementation.name);
        ByteVector text(expected.size());
        rabbit::Lanes(key, implementation).apply(text);
        CHECK(std::ranges::equal(text, expected));
        // In pieces, each of whole blocks, and a last one that is none.
        ByteVector pieces(expected.size());
        rabbit::Lanes lanes(key, implementation);
        auto rest = std::span(pieces);
        for (const std::size_t count : {1, 2, 31, 33, 64}) {
            lanes.apply(rest.first(count * rabbit::block_size));
            rest = rest.subspan(count * rabbit::block_size);
        }
        lanes.apply(rest.first(rest.size() - 3));
        CHECK(std::equal(pieces.begin(), pieces.end() - 3, expected.begin()));
    }
}

TEST_CASE("the keystream of a shorter text is the beginning of a longer one") {
    const Key key{5};
    ByteVector whole(1024);
    rabbit::Lanes(key).apply(whole);
    for (const std::size_t size : {0, 1, 4, 63, 255, 256, 257, 511, 513, 1023}) {
        ByteVector text(size);
        rabbit::Lanes(key).apply(text);
        CHECK(std::ranges::equal(text, std::span(whole).first(size)));
    }
}

TEST_CASE("the implementation is the widest of this processor, or the one that is asked for") {
    const auto& all = rabbit::implementations();
    const char* forced = std::getenv("PORTCULLIS_RABBIT");
    CHECK(rabbit::implementation().name == (forced ? forced : all.back().name));
    CHECK(all.front().name == "portable");
    const std::string flags = processor_flags();
    const auto has = [&](const char* name) {
        return std::ranges::any_of(all, [&](const auto& one) { return one.name == name; });
    };
    CHECK(has("avx2") == (flags.find(" avx2 ") != std::string::npos));
    CHECK(has("avx512") == (flags.find(" avx512f ") != std::string::npos));
}
