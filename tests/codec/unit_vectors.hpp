#pragma once
#include <catch2/catch.hpp>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/codec/hex.hpp"

namespace portcullis::test {

/// What a unit cipher makes of one plaintext.
struct UnitVector {
    std::size_t length;
    std::string plaintext;
    std::uint64_t unit;
    std::string sha256;
    std::string ciphertext;  ///< in hexadecimal, or "-"
};

struct UnitVectors {
    std::vector<std::uint8_t> key;
    std::vector<UnitVector> vectors;
};

/// Reads tests/vectors/codec/NAME.
inline UnitVectors read_unit_vectors(const std::string& name) {
    std::ifstream in(PORTCULLIS_SOURCE_DIR "/tests/vectors/codec/" + name);
    REQUIRE(in);
    UnitVectors file;
    const std::string key_prefix = "codec_key = ";
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        if (line.starts_with(key_prefix)) {
            file.key = from_hex(line.substr(key_prefix.size()));
            continue;
        }
        UnitVector vector;
        std::istringstream fields(line);
        REQUIRE(fields >> vector.length >> vector.plaintext >> vector.unit >> vector.sha256 >>
                vector.ciphertext);
        file.vectors.push_back(vector);
    }
    return file;
}

inline std::vector<std::uint8_t> plaintext_of(const UnitVector& vector) {
    std::vector<std::uint8_t> text(vector.length);
    if (vector.plaintext == "ramp") {
        for (std::size_t j = 0; j < text.size(); ++j) text[j] = static_cast<std::uint8_t>(31 * j + j / 256);
    }
    return text;
}

}  // namespace portcullis::test
