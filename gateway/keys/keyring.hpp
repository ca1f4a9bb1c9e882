#pragma once
// Long-lived keys in a folder: KEKs, the signing key, trusted signers. Files of mode 0600 in folders of mode
// 0700, owned by the user who runs the gateway or by root; looser modes, other owners and symbolic links are
// refused.
//
//   keks/ID         one KEK: "portcullis-kek 1", then lines "id HEX16", "created RFC3339", "key HEX32"
//   current         the id of the KEK under which new objects are sealed
//   signing.key     Ed25519 private key, PEM (PKCS #8)
//   signing.pub     its public half, PEM: what other gateways put into their trusted/
//   audit.key       Ed25519 private key, PEM, that signs checkpoints of the audit log (audit_key.hpp)
//   audit.pub       its public half, PEM: what auditors have
//   audit-identifiers.key   if the audit log hides identifiers (identifiers_key.hpp)
//   trusted/ANY     public keys, PEM, of other gateways whose objects are opened; our own is trusted anyway

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
    /// Makes the folder, a first KEK, a signing key and an audit key, in one step: after a crash there is a
    /// whole keyring or none. The folder may be there if it is empty. Throws std::runtime_error with one line
    /// (what, where, what to do) if there is a keyring already or the folder cannot be made.
    static void init(const std::filesystem::path& folder);
    /// Throws std::runtime_error with one line if a file is missing, malformed, or readable by others.
    static std::unique_ptr<Keyring> open(const std::filesystem::path& folder);
    ~Keyring() override;

    codec::Result<std::vector<codec::Stanza>> wrap(const codec::Dek&,
                                                   const codec::EnvelopeId&) const override;
    codec::Result<codec::Signature> sign(const codec::Digest&) const override;
    codec::PublicKey signer() const override;
    codec::Result<codec::Dek> unwrap(const codec::Stanza&, const codec::EnvelopeId&) const override;
    /// The keyring holds none: no_study_secret.
    codec::Result<codec::Secret<32>> study_secret(const codec::StudySecretId&) const override;
    bool trusts(const codec::PublicKey& signer) const override;
    /// The KEK under which new objects are sealed.
    codec::KeyId current() const;
    /// The oldest first.
    std::vector<KeyListing> list() const;

  private:
    struct Contents;
    explicit Keyring(std::unique_ptr<Contents>);
    std::unique_ptr<Contents> contents_;
};

}  // namespace portcullis::keys
