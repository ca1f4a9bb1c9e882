#pragma once
// A key-encryption key and its file.

#include <string>

#include "codec/keyholder.hpp"
#include "gateway/keys/private_folder.hpp"

namespace portcullis::keys {

struct Kek {
    codec::KeyId id;
    std::string created;  // RFC 3339, UTC
    codec::Secret<32> key;
};

std::string hex(const codec::KeyId&);
/// False if the text is not hex digits for exactly so many bytes.
bool unhex(std::string_view text, std::span<std::uint8_t> bytes);

/// Random, created now. Throws std::runtime_error if there is no randomness.
Kek make_kek();
SecretText format(const Kek&);
/// Throws std::runtime_error with one line that names the file, but shows nothing of it.
Kek parse_kek(const SecretText& text, const std::filesystem::path& file);

}  // namespace portcullis::keys
