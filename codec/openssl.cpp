#include "codec/openssl.hpp"

namespace portcullis::codec {

namespace {

template <class Algorithm>
Algorithm* found(Algorithm* algorithm, const char* name) {
    require(algorithm != nullptr, name);
    return algorithm;
}

EVP_CIPHER* cipher(const char* name) {
    return found(EVP_CIPHER_fetch(nullptr, name, nullptr), name);
}

EVP_MAC* mac(const char* name) {
    return found(EVP_MAC_fetch(nullptr, name, nullptr), name);
}

}  // namespace

const EVP_CIPHER* aes_256_gcm() {
    static const EVP_CIPHER* const fetched = cipher("AES-256-GCM");
    return fetched;
}

const EVP_CIPHER* aes_256_ecb() {
    static const EVP_CIPHER* const fetched = cipher("AES-256-ECB");
    return fetched;
}

const EVP_CIPHER* aes_128_wrap_pad() {
    static const EVP_CIPHER* const fetched = cipher("AES-128-WRAP-PAD");
    return fetched;
}

const EVP_CIPHER* aes_192_wrap_pad() {
    static const EVP_CIPHER* const fetched = cipher("AES-192-WRAP-PAD");
    return fetched;
}

const EVP_CIPHER* aes_256_wrap_pad() {
    static const EVP_CIPHER* const fetched = cipher("AES-256-WRAP-PAD");
    return fetched;
}

const EVP_MD* sha_256() {
    static const EVP_MD* const fetched = found(EVP_MD_fetch(nullptr, "SHA256", nullptr), "SHA256");
    return fetched;
}

EVP_MAC* hmac() {
    static EVP_MAC* const fetched = mac("HMAC");
    return fetched;
}

EVP_MAC* poly1305() {
    static EVP_MAC* const fetched = mac("POLY1305");
    return fetched;
}

EVP_KDF* hkdf() {
    static EVP_KDF* const fetched = found(EVP_KDF_fetch(nullptr, "HKDF", nullptr), "HKDF");
    return fetched;
}

}  // namespace portcullis::codec
