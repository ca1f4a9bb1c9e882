#pragma once
// The key under which an audit log speaks of patients and objects without naming them.
//
//   audit-identifiers.key   in the folder of a keyring: "portcullis-audit-identifiers 1", "key HEX32"
//
// It seals nothing. Who has it can find a patient in the log whom he can name; without it nobody can. It is
// not changed: what was written under another key would not be found any more.

#include <filesystem>
#include <optional>

#include "codec/secret.hpp"

namespace portcullis::keys {

using IdentifiersKey = codec::Secret<32>;

/// Nothing if the keyring has none yet. Throws std::runtime_error as Keyring::open() does.
std::optional<IdentifiersKey> find_identifiers_key(const std::filesystem::path& keyring);
/// Is made, in one step, if the keyring has none. Throws as find_identifiers_key() does, and if it cannot be
/// made.
IdentifiersKey need_identifiers_key(const std::filesystem::path& keyring);

}  // namespace portcullis::keys
