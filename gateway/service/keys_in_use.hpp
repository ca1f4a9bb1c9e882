#pragma once
// Which keys a gateway seals and signs with, as the audit names them: identifiers, no secrets.

#include <filesystem>
#include <optional>
#include <string>

#include "gateway/audit/audit.hpp"
#include "gateway/keys/keyring.hpp"

namespace portcullis::service {

struct KeysInUse {
    std::string kek;     // id of the current one, hex
    std::string signer;  // Ed25519 public key, hex
    bool operator==(const KeysInUse&) const = default;
};

KeysInUse keys_in_use(const keys::Keyring&);

/// A record `keys` if they are not those that were remembered in this file.
std::optional<audit::Record> changed_since(const KeysInUse&, const std::filesystem::path& file);
/// For the next start; after the record, so that a crash between the two brings it twice, not never. Throws
/// std::runtime_error with one line if the file cannot be written.
void remember(const KeysInUse&, const std::filesystem::path& file);

}  // namespace portcullis::service
