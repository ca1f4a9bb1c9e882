#include "codec/signature.hpp"

#include "codec/openssl.hpp"

namespace portcullis::codec {

bool verifies(const PublicKey& signer, const Digest& digest, const Signature& signature) {
    const std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>> key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, signer.data(), signer.size()));
    if (!key) return false;
    const std::unique_ptr<EVP_MD_CTX, OpensslDeleter<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    require(context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1,
            "EVP_DigestVerifyInit");
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), digest.data(),
                            digest.size()) == 1;
}

}  // namespace portcullis::codec
