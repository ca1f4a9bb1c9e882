#pragma once
// Signed notes, c2sp.org/signed-note, with Ed25519 signatures (type 0x01): text whose last character is a
// line feed, an empty line, and then lines "— NAME BASE64(key id 4 || signature 64)".

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.hpp"

namespace portcullis::audit {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

std::string base64(ByteView bytes);
/// Nothing if it is not what base64() makes.
std::optional<Bytes> unbase64(std::string_view text);

/// Whose signatures are believed. Without a name (a bare key in PEM): under any name.
struct NoteKey {
    std::string name;
    PublicKey key{};
    bool operator==(const NoteKey&) const = default;
};
/// NAME+HEX(key id)+BASE64(0x01 || key): what an auditor is given.
std::string verifier_key(const NoteKey&);
std::optional<NoteKey> parse_verifier_key(std::string_view text);

/// Who signs.
struct Signer {
    NoteKey key;
    /// Throws std::runtime_error if it cannot.
    std::function<Signature(std::string_view text)> sign;
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id;
    Bytes signature;
};
struct Note {
    std::string text;  // with its last line feed
    std::vector<NoteSignature> signatures;
};
/// Nothing if it is not a note, or has more than 16 signatures.
std::optional<Note> parse_note(std::string_view note);
std::string sign_note(const std::string& text, const Signer&);

enum class Signed { yes, wrong, not_by_these };
/// Whether one of the keys signed the note, and none of them otherwise than it would.
Signed verify_note(const Note&, const std::vector<NoteKey>&);

}  // namespace portcullis::audit
