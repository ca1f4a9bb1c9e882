#pragma once
// OpenSSL's objects under RAII. A call that fails here fails for want of memory or of a provider, never
// because of an input: it throws.

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace portcullis::codec {

template <auto free>
struct OpensslDeleter {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, OpensslDeleter<EVP_CIPHER_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, OpensslDeleter<EVP_MAC_CTX_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, OpensslDeleter<EVP_KDF_CTX_free>>;

inline void require(bool succeeded, const char* call) {
    if (!succeeded) throw std::runtime_error(std::string("OpenSSL: ") + call + " failed");
}

// Algorithms, searched for among the providers once, for the life of the process: named as a constant
// (EVP_aes_256_gcm()), OpenSSL 3 searches anew at every use. Throw if no provider has the algorithm.
const EVP_CIPHER* aes_256_gcm();
const EVP_CIPHER* aes_256_ecb();
const EVP_CIPHER* aes_128_wrap_pad();
const EVP_CIPHER* aes_192_wrap_pad();
const EVP_CIPHER* aes_256_wrap_pad();
const EVP_MD* sha_256();
EVP_MAC* hmac();
EVP_MAC* poly1305();
EVP_KDF* hkdf();

}  // namespace portcullis::codec
