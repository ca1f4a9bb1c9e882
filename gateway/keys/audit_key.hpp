#pragma once
// The key that signs the checkpoints of the audit log, and nothing else: audit.key in the keyring, and its
// public half, audit.pub, which auditors have.

#include <filesystem>
#include <optional>

#include "gateway/keys/signing_key.hpp"

namespace portcullis::keys {

class AuditKey {
  public:
    /// Makes the key if the keyring is of a version that did not, and so has neither half: auditors would
    /// take a new one for a forger's. Throws std::runtime_error with one line.
    static AuditKey open_or_make(const std::filesystem::path& keyring);
    /// Puts a new one into the folder of a keyring that has none.
    static void make(const PrivateFolder& keyring);
    /// Nothing if there is none, or no keyring. Throws as open_or_make() does.
    static std::optional<codec::PublicKey> public_half(const std::filesystem::path& keyring);

    codec::PublicKey public_key() const { return key_.public_key(); }
    /// Throws std::runtime_error if OpenSSL cannot.
    codec::Signature sign(std::string_view text) const;

  private:
    explicit AuditKey(SigningKey key) : key_(std::move(key)) {}
    SigningKey key_;
};

}  // namespace portcullis::keys
