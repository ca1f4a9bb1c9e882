#include "gateway/keys/signing_key.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace portcullis::keys {

namespace {

using Key = std::unique_ptr<EVP_PKEY, codec::OpensslDeleter<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, codec::OpensslDeleter<BIO_free_all>>;

Bio reader(const SecretText& text) {
    return Bio(BIO_new_mem_buf(text.view().data(), static_cast<int>(text.view().size())));
}

// An encrypted file must not make OpenSSL ask the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

// OpenSSL wipes the memory of the BIO when it frees it.
template <class Write>
SecretText written(Write write) {
    const Bio bio(BIO_new(BIO_s_mem()));
    codec::require(bio && write(bio.get()) == 1, "PEM_write_bio");
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &data);
    SecretText text;
    text.append({data, static_cast<std::size_t>(length)});
    return text;
}

bool is_ed25519(const Key& key) {
    return key && EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519;
}

codec::PublicKey raw_public(const EVP_PKEY* key) {
    codec::PublicKey raw;
    std::size_t length = raw.size();
    codec::require(EVP_PKEY_get_raw_public_key(key, raw.data(), &length) == 1 && length == raw.size(),
                   "EVP_PKEY_get_raw_public_key");
    return raw;
}

}  // namespace

SigningKey::SigningKey(Handle handle) : handle_(std::move(handle)), ready_(EVP_MD_CTX_new()) {
    codec::require(ready_ && EVP_DigestSignInit(ready_.get(), nullptr, nullptr, nullptr, handle_.get()) == 1,
                   "EVP_DigestSignInit");
}

SigningKey SigningKey::make() {
    Handle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    codec::require(key != nullptr, "EVP_PKEY_Q_keygen");
    return SigningKey(std::move(key));
}

std::optional<SigningKey> SigningKey::parse(const SecretText& pem) {
    const Bio bio = reader(pem);
    Handle key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
    ERR_clear_error();
    if (!is_ed25519(key)) return std::nullopt;
    return SigningKey(std::move(key));
}

SecretText SigningKey::private_pem() const {
    return written([this](BIO* bio) {
        return PEM_write_bio_PKCS8PrivateKey(bio, handle_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

SecretText SigningKey::public_pem() const {
    return written([this](BIO* bio) { return PEM_write_bio_PUBKEY(bio, handle_.get()); });
}

codec::PublicKey SigningKey::public_key() const {
    return raw_public(handle_.get());
}

std::optional<codec::Signature> SigningKey::sign(std::span<const std::uint8_t> message) const {
    const Context context(EVP_MD_CTX_new());
    codec::Signature signature;
    std::size_t length = signature.size();
    if (!context || EVP_MD_CTX_copy_ex(context.get(), ready_.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &length, message.data(), message.size()) != 1)
        return std::nullopt;
    return signature;
}

std::optional<codec::PublicKey> parse_public_key(const SecretText& pem) {
    const Bio bio = reader(pem);
    const Key key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
    ERR_clear_error();
    if (!is_ed25519(key)) return std::nullopt;
    return raw_public(key.get());
}

}  // namespace portcullis::keys
