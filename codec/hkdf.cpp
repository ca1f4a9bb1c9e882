#include "codec/hkdf.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "codec/openssl.hpp"

namespace portcullis::codec {

namespace {

OSSL_PARAM octets(const char* parameter, std::span<const std::uint8_t> bytes) {
    // OSSL_PARAM is not const-correct, the KDF only reads; and it takes an empty string, but no null.
    static std::uint8_t empty;
    auto* data = bytes.empty() ? &empty : const_cast<std::uint8_t*>(bytes.data());
    return OSSL_PARAM_construct_octet_string(parameter, data, bytes.size());
}

}  // namespace

void hkdf_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> salt,
                 std::span<const std::uint8_t> info, std::span<std::uint8_t> out) {
    const KdfContext context(EVP_KDF_CTX_new(hkdf()));
    char digest_name[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name, 0),
                                     octets(OSSL_KDF_PARAM_KEY, key), octets(OSSL_KDF_PARAM_SALT, salt),
                                     octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    require(context && EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1,
            "EVP_KDF_derive");
}

}  // namespace portcullis::codec
