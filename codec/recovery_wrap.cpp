#include "codec/recovery_wrap.hpp"

#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>

#include "codec/digest.hpp"
#include "codec/envelope.hpp"

namespace portcullis::codec {

namespace {

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, OpensslDeleter<EVP_PKEY_CTX_free>>;

bool is_recovery_key(const EVP_PKEY& key) {
    const int bits = EVP_PKEY_get_bits(&key);
    return EVP_PKEY_is_a(&key, "RSA") == 1 && bits >= 8 * static_cast<int>(least_recovery_size) &&
           bits <= 8 * static_cast<int>(most_recovery_size) && EVP_PKEY_get_size(&key) % 2 == 0;
}

/// OAEP with everything that the format says of it.
bool set_oaep(EVP_PKEY_CTX* context, const EnvelopeId& id) {
    if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) != 1) {
        return false;
    }
    void* label = OPENSSL_memdup(id.data(), id.size());  // the context takes it over
    if (label && EVP_PKEY_CTX_set0_rsa_oaep_label(context, label, static_cast<int>(id.size())) == 1)
        return true;
    OPENSSL_free(label);
    return false;
}

}  // namespace

Digest recovery_id(const EVP_PKEY& key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(&key, &der);
    require(size > 0, "i2d_PUBKEY");
    const Digest digest = sha256({{der, static_cast<std::size_t>(size)}});
    OPENSSL_free(der);
    return digest;
}

Result<RecoveryStanza> wrap_for_recovery(EVP_PKEY& recipient, const Dek& dek, const EnvelopeId& id) {
    if (!is_recovery_key(recipient)) return Failure::key_unavailable;
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &recipient, nullptr));
    RecoveryStanza stanza{recovery_id(recipient), ByteVector(most_recovery_size)};
    std::size_t size = stanza.wrapped.size();
    const auto plain = dek.view();
    if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 || !set_oaep(context.get(), id) ||
        EVP_PKEY_encrypt(context.get(), stanza.wrapped.data(), &size, plain.data(), plain.size()) != 1) {
        return Failure::key_unavailable;
    }
    stanza.wrapped.resize(size);
    return stanza;
}

Result<Dek> unwrap_recovery(EVP_PKEY& private_key, const RecoveryStanza& stanza, const EnvelopeId& id) {
    if (!is_recovery_key(private_key) || stanza.certificate != recovery_id(private_key))
        return Failure::no_key;
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &private_key, nullptr));
    Secret<most_recovery_size> plain;
    std::size_t size = plain.view().size();
    if (!context || EVP_PKEY_decrypt_init(context.get()) != 1 || !set_oaep(context.get(), id) ||
        EVP_PKEY_decrypt(context.get(), plain.fill().data(), &size, stanza.wrapped.data(),
                         stanza.wrapped.size()) != 1 ||
        size != Dek().view().size()) {
        return Failure::no_key;
    }
    return Dek(plain.view().first<32>());
}

}  // namespace portcullis::codec
