// HKDF against RFC 5869 appendix A, HMAC against RFC 4231, GCM against the test cases of its submission.
#include <catch2/catch.hpp>
#include <numeric>

#include "codec/aead.hpp"
#include "codec/digest.hpp"
#include "codec/hkdf.hpp"
#include "codec/wire.hpp"
#include "tests/codec/hex.hpp"

using namespace portcullis::codec;
using portcullis::test::from_hex;
using portcullis::test::to_hex;

namespace {

ByteVector counting(std::uint8_t first, std::size_t size) {
    ByteVector bytes(size);
    std::iota(bytes.begin(), bytes.end(), first);
    return bytes;
}

std::string hkdf(const ByteVector& key, const ByteVector& salt, const ByteVector& info, std::size_t size) {
    ByteVector out(size);
    hkdf_sha256(key, salt, info, out);
    return to_hex(out);
}

}  // namespace

TEST_CASE("HKDF-SHA256 of RFC 5869, A.1 to A.3") {
    CHECK(hkdf(ByteVector(22, 0x0B), counting(0x00, 13), counting(0xF0, 10), 42) ==
          "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    CHECK(hkdf(counting(0x00, 80), counting(0x60, 80), counting(0xB0, 80), 82) ==
          "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
          "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    CHECK(hkdf(ByteVector(22, 0x0B), {}, {}, 42) ==
          "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("HMAC-SHA256 of RFC 4231, in one part and in two") {
    const auto text = bytes_of("what do ya want for nothing?");
    const std::string expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    CHECK(to_hex(hmac_sha256(bytes_of("Jefe"), {text})) == expected);
    CHECK(to_hex(hmac_sha256(bytes_of("Jefe"), {text.first(11), text.subspan(11)})) == expected);
}

TEST_CASE("SHA-256 in parts") {
    CHECK(to_hex(sha256({bytes_of("a"), bytes_of("bc")})) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("AES-256-GCM, test case 14") {
    const std::array<std::uint8_t, 32> key{};
    std::array<std::uint8_t, 16> text{};
    const Tag tag = AeadSealer(key).seal(0, {}, text);
    CHECK(to_hex(text) == "cea7403d4d606b6e074ec5d3baf39d18");
    CHECK(to_hex(tag) == "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST_CASE("the nonce is the number in 12 bytes, big-endian") {
    // cafebabefacedbaddecaf888 of test case 16 does not fit a number; compared with OpenSSL used directly.
    const std::array<std::uint8_t, 32> key{1, 2, 3};
    const auto nonce = from_hex("000000000102030405060708");
    ByteVector expected(20, 0x55);
    const CipherContext direct(EVP_CIPHER_CTX_new());
    int done = 0;
    REQUIRE(EVP_EncryptInit_ex(direct.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()) == 1);
    REQUIRE(EVP_EncryptUpdate(direct.get(), expected.data(), &done, expected.data(), 20) == 1);
    ByteVector text(20, 0x55);
    AeadSealer(key).seal(0x0102030405060708, {}, text);
    CHECK(text == expected);
}

TEST_CASE("an opener opens many times, and wipes what does not verify") {
    const std::array<std::uint8_t, 32> key{9};
    AeadSealer sealer(key);
    AeadOpener opener(key);
    const ByteVector aad(32, 1), other_aad(32, 2);
    for (std::uint64_t number = 0; number < 3; ++number) {
        ByteVector text(100, 0x77);
        const Tag tag = sealer.seal(number, aad, text);
        for (const bool with_other_aad : {true, false}) {
            ByteVector copy = text;
            CHECK_FALSE(
                opener.open(number + (with_other_aad ? 0 : 1), with_other_aad ? other_aad : aad, copy, tag));
            CHECK(copy == ByteVector(100, 0));
        }
        CHECK(opener.open(number, aad, text, tag));
        CHECK(text == ByteVector(100, 0x77));
    }
}
