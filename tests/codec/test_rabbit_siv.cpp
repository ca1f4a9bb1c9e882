#include <catch2/catch.hpp>

#include "codec/digest.hpp"
#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit_siv.hpp"
#include "codec/wire.hpp"
#include "tests/codec/unit_vectors.hpp"

using namespace portcullis::codec;
using namespace portcullis::test;

TEST_CASE("every line of rabbit-siv-vectors.txt, both ways") {
    const auto file = read_unit_vectors("rabbit-siv-vectors.txt");
    REQUIRE(file.key.size() == rabbit_siv_key_length);
    REQUIRE(file.vectors.size() == 114);
    const auto& keystream = GENERATE(from_range(rabbit::implementations()));
    const auto cipher = make_rabbit_siv(file.key, keystream);
    for (const auto& vector : file.vectors) {
        INFO(keystream.name << ": " << vector.length << " " << vector.plaintext << " unit " << vector.unit);
        const ByteVector plain = plaintext_of(vector);
        ByteVector unit = plain;
        cipher->encrypt(unit, vector.unit);
        CHECK(to_hex(sha256({unit})) == vector.sha256);
        if (vector.ciphertext != "-") CHECK(to_hex(unit) == vector.ciphertext);
        cipher->decrypt(unit, vector.unit);
        CHECK(unit == plain);
    }
}

TEST_CASE("one changed bit changes every part of the unit") {
    const auto cipher = make_rabbit_siv(ByteVector(rabbit_siv_key_length, 3));
    ByteVector a(4096), b(4096);
    b[2000] = 1;
    cipher->encrypt(a, 0);
    cipher->encrypt(b, 0);
    for (std::size_t at = 0; at < a.size(); at += 16) {
        CHECK(ByteVector(a.begin() + at, a.begin() + at + 16) !=
              ByteVector(b.begin() + at, b.begin() + at + 16));
    }
}

TEST_CASE("a key of another length is refused") {
    CHECK_THROWS_AS(make_rabbit_siv(ByteVector(79)), std::logic_error);
}
