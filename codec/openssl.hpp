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
using Mac = std::unique_ptr<EVP_MAC, OpensslDeleter<EVP_MAC_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, OpensslDeleter<EVP_KDF_CTX_free>>;
using Kdf = std::unique_ptr<EVP_KDF, OpensslDeleter<EVP_KDF_free>>;

inline void require(bool succeeded, const char* call) {
    if (!succeeded) throw std::runtime_error(std::string("OpenSSL: ") + call + " failed");
}

}  // namespace portcullis::codec
