#pragma once
// Long-lived keys in a folder: KEKs, the signing key, trusted signers. Files of mode 0600 in a folder of mode
// 0700, owned by the user who runs the gateway; looser modes are refused.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "codec/keyholder.hpp"

namespace portcullis::keys {

/// What the keyring folder holds, without any secret.
struct KeyListing {
    codec::KeyId kek;
    bool current;
    std::string created;  // RFC 3339, UTC
};

class Keyring final : public codec::SealingKeys, public codec::OpeningKeys {
  public:
    /// Makes the folder, a first KEK and a signing key. Throws std::runtime_error with one line (what, where,
    /// what to do) if there is a keyring already or the folder cannot be made.
    static void init(const std::filesystem::path& folder);
    /// Throws std::runtime_error with one line if a file is missing, malformed, or readable by others.
    static std::unique_ptr<Keyring> open(const std::filesystem::path& folder);
    ~Keyring() override;

    codec::Result<codec::WrappedKey> wrap(const codec::Dek&) const override;
    codec::Result<codec::Signature> sign(const codec::Digest&) const override;
    codec::PublicKey signer() const override;
    codec::Result<codec::Dek> unwrap(const codec::WrappedKey&) const override;
    bool trusts(const codec::PublicKey& signer) const override;
    std::vector<KeyListing> list() const;

  private:
    struct Contents;
    explicit Keyring(std::unique_ptr<Contents>);
    std::unique_ptr<Contents> contents_;
};

}  // namespace portcullis::keys
