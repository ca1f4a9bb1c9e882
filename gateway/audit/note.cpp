#include "gateway/audit/note.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "gateway/audit/merkle.hpp"
#include "gateway/base/base64.hpp"
#include "gateway/base/hex.hpp"

namespace portcullis::audit {

namespace {

constexpr std::uint8_t ed25519 = 1;  // the type of a signature
constexpr std::string_view dash = "\u2014 ";
constexpr std::size_t most_signatures = 16;

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};

std::uint32_t key_id(const std::string& name, const PublicKey& key) {
    std::string text = name + '\n';
    text.push_back(ed25519);
    return load_be32(sha256(text.append(as_text(key))).data());
}

bool is_name(std::string_view name) {
    return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '+' || c == '\x7f';
    });
}

bool verifies(const std::string& text, const Bytes& signature, const PublicKey& key) {
    const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> handle(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    const bool good = handle && context &&
                      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
                      EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                       as_bytes(text).data(), text.size()) == 1;
    ERR_clear_error();
    return good;
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(dash)) return std::nullopt;
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_name(line.substr(0, space))) return std::nullopt;
    const auto bytes = unbase64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5) return std::nullopt;
    return NoteSignature{std::string(line.substr(0, space)), load_be32(bytes->data()),
                         Bytes(bytes->begin() + 4, bytes->end())};
}

}  // namespace

std::string base64(ByteView bytes) {
    return portcullis::base64(bytes);
}

std::optional<Bytes> unbase64(std::string_view text) {
    if (text.size() % 4 != 0 || text.size() > 4096) return std::nullopt;
    Bytes bytes(text.size() / 4 * 3);
    const int length = EVP_DecodeBlock(bytes.data(), as_bytes(text).data(), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
    if (padding > 2) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(length) -
                 std::min<std::size_t>(padding, static_cast<std::size_t>(length)));
    if (base64(bytes) != text) return std::nullopt;
    return bytes;
}

std::string verifier_key(const NoteKey& key) {
    std::uint8_t id[4];
    store_be32(id, key_id(key.name, key.key));
    Bytes typed{ed25519};
    append(typed, key.key);
    return key.name + '+' + portcullis::hex(id) + '+' + base64(typed);
}

std::optional<NoteKey> parse_verifier_key(std::string_view text) {
    const auto name_end = text.find('+');
    const auto id_end = name_end == std::string_view::npos ? name_end : text.find('+', name_end + 1);
    if (id_end == std::string_view::npos) return std::nullopt;
    const auto typed = unbase64(text.substr(id_end + 1));
    if (!typed || typed->size() != 33 || typed->front() != ed25519) return std::nullopt;
    NoteKey key{std::string(text.substr(0, name_end)), {}};
    std::copy(typed->begin() + 1, typed->end(), key.key.begin());
    if (!is_name(key.name) || verifier_key(key) != text) return std::nullopt;
    return key;
}

std::optional<Note> parse_note(std::string_view note) {
    const auto separator = note.rfind("\n\n");
    if (separator == std::string_view::npos || !note.ends_with('\n')) return std::nullopt;
    Note parsed{std::string(note.substr(0, separator + 1)), {}};
    auto rest = note.substr(separator + 2);
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        auto signature = parse_signature(line);
        if (!signature || parsed.signatures.size() == most_signatures) return std::nullopt;
        parsed.signatures.push_back(std::move(*signature));
        rest.remove_prefix(line.size() + 1);
    }
    if (parsed.signatures.empty()) return std::nullopt;
    return parsed;
}

std::string sign_note(const std::string& text, const Signer& signer) {
    Bytes bytes;
    append_be32(bytes, key_id(signer.key.name, signer.key.key));
    append(bytes, signer.sign(text));
    return text + '\n' + std::string(dash) + signer.key.name + ' ' + base64(bytes) + '\n';
}

Signed verify_note(const Note& note, const std::vector<NoteKey>& keys) {
    Signed found = Signed::not_by_these;
    for (const auto& [name, id, signature] : note.signatures) {
        for (const auto& key : keys) {
            if ((!key.name.empty() && key.name != name) || key_id(name, key.key) != id) continue;
            if (!verifies(note.text, signature, key.key)) return Signed::wrong;
            found = Signed::yes;
        }
    }
    return found;
}

}  // namespace portcullis::audit
