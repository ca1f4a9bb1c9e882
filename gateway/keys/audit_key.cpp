#include "gateway/keys/audit_key.hpp"

#include <cstdio>

#include "codec/openssl.hpp"
#include "gateway/base/bytes.hpp"

namespace portcullis::keys {

namespace fs = std::filesystem;

namespace {

constexpr const char* private_name = "audit.key";
constexpr const char* public_name = "audit.pub";

bool has(const PrivateFolder& folder, const std::string& name) {
    return fs::exists(fs::symlink_status(folder.path() / name));
}

// In one step: a crash leaves the whole file or none.
void put(const PrivateFolder& folder, const std::string& name, std::string_view content) {
    const std::string temporary = name + ".new";
    fs::remove(folder.path() / temporary);
    folder.write(temporary, content);
    if (std::rename((folder.path() / temporary).c_str(), (folder.path() / name).c_str()) != 0)
        fail_errno(folder.path() / name, "cannot be made");
    folder.sync();
}

SigningKey read_key(const PrivateFolder& folder) {
    auto key = SigningKey::parse(folder.read(private_name));
    if (!key)
        fail(folder.path() / private_name, "is not an unencrypted Ed25519 private key in PEM; restore it");
    return std::move(*key);
}

}  // namespace

void AuditKey::make(const PrivateFolder& keyring) {
    const auto key = SigningKey::make();
    put(keyring, private_name, key.private_pem().view());
    put(keyring, public_name, key.public_pem().view());
}

AuditKey AuditKey::open_or_make(const fs::path& path) {
    const PrivateFolder keyring(path);
    if (!has(keyring, private_name)) {
        if (has(keyring, public_name))
            fail(keyring.path() / private_name,
                 "is missing; restore it from the backup of the keyring; if there is none, remove audit.pub, "
                 "tell "
                 "the auditors, and a new key is made");
        make(keyring);
    }
    auto key = read_key(keyring);
    if (!has(keyring, public_name)) put(keyring, public_name, key.public_pem().view());
    return AuditKey(std::move(key));
}

std::optional<codec::PublicKey> AuditKey::public_half(const fs::path& path) {
    if (!fs::exists(path)) return std::nullopt;
    const PrivateFolder keyring(path);
    if (!has(keyring, public_name)) return std::nullopt;
    const auto key = parse_public_key(keyring.read(public_name));
    if (!key) fail(keyring.path() / public_name, "is not an Ed25519 public key in PEM; restore it");
    return key;
}

codec::Signature AuditKey::sign(std::string_view text) const {
    const auto signature = key_.sign(as_bytes(text));
    codec::require(signature.has_value(), "EVP_DigestSign");
    return *signature;
}

}  // namespace portcullis::keys
