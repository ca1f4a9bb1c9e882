#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "codec/digest.hpp"
#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit_siv.hpp"
#include "codec/wire.hpp"
#include "tests/codec/hex.hpp"

using namespace portcullis::codec;
using portcullis::test::from_hex;
using portcullis::test::to_hex;

namespace {

struct Vector {
    std::size_t length;
    std::string plaintext;
    std::uint64_t unit;
    std::string sha256;
    std::string ciphertext;
};

struct VectorFile {
    ByteVector key;
    std::vector<Vector> vectors;
};

VectorFile read_vectors() {
    std::ifstream in(PORTCULLIS_SOURCE_DIR "/tests/vectors/codec/rabbit-siv-vectors.txt");
    REQUIRE(in);
    VectorFile file;
    const std::string key_prefix = "codec_key = ";
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        if (line.starts_with(key_prefix)) {
            file.key = from_hex(line.substr(key_prefix.size()));
            continue;
        }
        Vector vector;
        std::istringstream fields(line);
        REQUIRE(fields >> vector.length >> vector.plaintext >> vector.unit >> vector.sha256 >>
                vector.ciphertext);
        file.vectors.push_back(vector);
    }
    return file;
}

ByteVector plaintext_of(const Vector& vector) {
    ByteVector text(vector.length);
    if (vector.plaintext == "ramp") {
        for (std::size_t j = 0; j < text.size(); ++j) text[j] = static_cast<std::uint8_t>(31 * j + j / 256);
    }
    return text;
}

}  // namespace

TEST_CASE("every line of rabbit-siv-vectors.txt, both ways") {
    const auto file = read_vectors();
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
