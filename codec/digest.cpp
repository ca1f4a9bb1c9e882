#include "codec/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "codec/openssl.hpp"

namespace portcullis::codec {

std::array<std::uint8_t, 32> sha256(std::initializer_list<std::span<const std::uint8_t>> parts) {
    const std::unique_ptr<EVP_MD_CTX, OpensslDeleter<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    require(context && EVP_DigestInit_ex(context.get(), sha_256(), nullptr) == 1, "EVP_DigestInit_ex");
    for (const auto part : parts) {
        require(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1, "EVP_DigestUpdate");
    }
    std::array<std::uint8_t, 32> digest;
    require(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1, "EVP_DigestFinal_ex");
    return digest;
}

std::array<std::uint8_t, 32> hmac_sha256(std::span<const std::uint8_t> key,
                                         std::initializer_list<std::span<const std::uint8_t>> parts) {
    const MacContext context(EVP_MAC_CTX_new(hmac()));
    char digest_name[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
                                     OSSL_PARAM_construct_end()};
    require(context && EVP_MAC_init(context.get(), key.data(), key.size(), parameters) == 1, "EVP_MAC_init");
    for (const auto part : parts) {
        require(EVP_MAC_update(context.get(), part.data(), part.size()) == 1, "EVP_MAC_update");
    }
    std::array<std::uint8_t, 32> mac;
    std::size_t size = mac.size();
    require(EVP_MAC_final(context.get(), mac.data(), &size, mac.size()) == 1, "EVP_MAC_final");
    return mac;
}

}  // namespace portcullis::codec
