#include "gateway/keys/keyring.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <set>

#include "codec/key_wrap.hpp"
#include "gateway/keys/audit_key.hpp"
#include "gateway/keys/kek.hpp"
#include "gateway/keys/private_folder.hpp"
#include "gateway/keys/signing_key.hpp"

namespace portcullis::keys {

namespace fs = std::filesystem;

struct Keyring::Contents {
    std::map<codec::KeyId, Kek> keks;
    codec::KeyId current;
    SigningKey signing;
    codec::PublicKey own;
    std::set<codec::PublicKey> trusted;
};

namespace {

void fill(const PrivateFolder& folder) {
    const Kek kek = make_kek();
    const SigningKey signing = SigningKey::make();
    const auto keks = folder.make_inside("keks");
    const auto trusted = folder.make_inside("trusted");
    keks.write(hex(kek.id), format(kek).view());
    keks.sync();
    trusted.sync();
    folder.write("current", hex(kek.id) + "\n");
    folder.write("signing.key", signing.private_pem().view());
    folder.write("signing.pub", signing.public_pem().view());
    AuditKey::make(folder);
    folder.sync();
}

std::map<codec::KeyId, Kek> read_keks(const PrivateFolder& folder) {
    std::map<codec::KeyId, Kek> keks;
    for (const auto& name : folder.names()) {
        Kek kek = parse_kek(folder.read(name), folder.path() / name);
        if (hex(kek.id) != name)
            fail(folder.path() / name, "holds the KEK " + hex(kek.id) + "; name the file so");
        const auto id = kek.id;
        keks.emplace(id, std::move(kek));
    }
    return keks;
}

codec::KeyId read_current(const PrivateFolder& folder, const std::map<codec::KeyId, Kek>& keks) {
    const SecretText text = folder.read("current");
    codec::KeyId id;
    if (!text.view().ends_with('\n') || !unhex(text.view().substr(0, text.view().size() - 1), id))
        fail(folder.path() / "current",
             "does not hold the id of a KEK; write one of the names in keks/ into it");
    if (!keks.contains(id))
        fail(folder.path() / "current", "names the KEK " + hex(id) + ", which is not in keks/; restore it");
    return id;
}

SigningKey read_signing_key(const PrivateFolder& folder) {
    auto key = SigningKey::parse(folder.read("signing.key"));
    if (!key)
        fail(folder.path() / "signing.key", "is not an unencrypted Ed25519 private key in PEM; restore it");
    return std::move(*key);
}

std::set<codec::PublicKey> read_trusted(const PrivateFolder& folder) {
    std::set<codec::PublicKey> trusted;
    for (const auto& name : folder.names()) {
        const auto key = parse_public_key(folder.read(name));
        if (!key)
            fail(folder.path() / name,
                 "is not an Ed25519 public key in PEM; put the signing.pub of the other gateway there");
        trusted.insert(*key);
    }
    return trusted;
}

}  // namespace

void Keyring::init(const fs::path& folder) {
    const fs::path target = folder.has_filename() ? folder : folder.parent_path();
    const fs::path parent = target.has_parent_path() ? target.parent_path() : fs::path(".");
    // Said before anything is made; what comes to stand there meanwhile is found by the rename.
    if (fs::is_symlink(target) ||
        (fs::exists(target) && (!fs::is_directory(target) || !fs::is_empty(target))))
        fail(target, "there is something already; choose another folder, or move it away");
    fs::create_directories(parent);
    const fs::path temporary = parent / (target.filename().string() + ".new." + std::to_string(::getpid()));
    try {
        fill(PrivateFolder::make(temporary));
        if (std::rename(temporary.c_str(), target.c_str()) != 0) fail_errno(target, "cannot be made");
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(temporary, ignored);
        throw;
    }
    sync_folder(parent);
}

std::unique_ptr<Keyring> Keyring::open(const fs::path& path) {
    const PrivateFolder folder(path);
    auto keks = read_keks(folder.open_inside("keks"));
    const auto current = read_current(folder, keks);
    auto signing = read_signing_key(folder);
    const auto own = signing.public_key();
    auto trusted = read_trusted(folder.open_inside("trusted"));
    return std::unique_ptr<Keyring>(new Keyring(std::make_unique<Contents>(
        Contents{std::move(keks), current, std::move(signing), own, std::move(trusted)})));
}

Keyring::Keyring(std::unique_ptr<Contents> contents) : contents_(std::move(contents)) {}

Keyring::~Keyring() = default;

codec::Result<std::vector<codec::Stanza>> Keyring::wrap(const codec::Dek& dek,
                                                        const codec::EnvelopeId&) const {
    const auto& kek = contents_->keks.at(contents_->current);
    auto wrapped = codec::wrap_key(kek.key.view(), dek.view());
    if (!wrapped) return codec::Failure::key_unavailable;
    return std::vector<codec::Stanza>{codec::KekStanza{kek.id, std::move(*wrapped)}};
}

codec::Result<codec::Dek> Keyring::unwrap(const codec::Stanza& stanza, const codec::EnvelopeId&) const {
    const auto* wrapped = std::get_if<codec::KekStanza>(&stanza);
    if (!wrapped) return codec::Failure::no_key;
    const auto kek = contents_->keks.find(wrapped->kek);
    codec::Dek dek;
    if (kek == contents_->keks.end() ||
        !codec::unwrap_key(kek->second.key.view(), wrapped->wrapped, dek.fill()))
        return codec::Failure::no_key;
    return dek;
}

codec::Result<codec::Secret<32>> Keyring::study_secret(const codec::StudySecretId&) const {
    return codec::Failure::no_study_secret;
}

codec::Result<codec::Signature> Keyring::sign(const codec::Digest& digest) const {
    const auto signature = contents_->signing.sign(digest);
    if (!signature) return codec::Failure::key_unavailable;
    return *signature;
}

codec::PublicKey Keyring::signer() const {
    return contents_->own;
}

bool Keyring::trusts(const codec::PublicKey& signer) const {
    return signer == contents_->own || contents_->trusted.contains(signer);
}

codec::KeyId Keyring::current() const {
    return contents_->current;
}

std::vector<KeyListing> Keyring::list() const {
    std::vector<KeyListing> listing;
    for (const auto& [id, kek] : contents_->keks)
        listing.push_back({id, id == contents_->current, kek.created});
    std::stable_sort(listing.begin(), listing.end(),
                     [](const auto& a, const auto& b) { return a.created < b.created; });
    return listing;
}

}  // namespace portcullis::keys
