#include "codec/aead.hpp"

#include "codec/secret.hpp"

namespace portcullis::codec {

namespace {

constexpr int encrypting = 1;
constexpr int decrypting = 0;
constexpr int as_before = -1;

CipherContext with_key(std::span<const std::uint8_t, 32> key, int direction) {
    CipherContext context(EVP_CIPHER_CTX_new());
    require(context &&
                EVP_CipherInit_ex(context.get(), aes_256_gcm(), nullptr, key.data(), nullptr, direction) == 1,
            "EVP_CipherInit_ex");
    return context;
}

std::array<std::uint8_t, 12> nonce_bytes(std::uint64_t nonce) {
    std::array<std::uint8_t, 12> bytes{};
    for (std::size_t i = bytes.size(); nonce != 0; nonce >>= 8) bytes[--i] = static_cast<std::uint8_t>(nonce);
    return bytes;
}

void apply(EVP_CIPHER_CTX* context, std::uint64_t nonce, std::span<const std::uint8_t> aad,
           std::span<std::uint8_t> text) {
    const auto iv = nonce_bytes(nonce);
    int done = 0;
    require(EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, iv.data(), as_before) == 1,
            "EVP_CipherInit_ex");
    require(EVP_CipherUpdate(context, nullptr, &done, aad.data(), static_cast<int>(aad.size())) == 1,
            "EVP_CipherUpdate");
    require(EVP_CipherUpdate(context, text.data(), &done, text.data(), static_cast<int>(text.size())) == 1,
            "EVP_CipherUpdate");
}

}  // namespace

AeadSealer::AeadSealer(std::span<const std::uint8_t, 32> key) : context_(with_key(key, encrypting)) {}

Tag AeadSealer::seal(std::uint64_t nonce, std::span<const std::uint8_t> aad, std::span<std::uint8_t> text) {
    apply(context_.get(), nonce, aad, text);
    Tag tag;
    int done = 0;
    require(EVP_CipherFinal_ex(context_.get(), tag.data(), &done) == 1, "EVP_CipherFinal_ex");
    require(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()),
                                tag.data()) == 1,
            "EVP_CIPHER_CTX_ctrl");
    return tag;
}

AeadOpener::AeadOpener(std::span<const std::uint8_t, 32> key) : context_(with_key(key, decrypting)) {}

bool AeadOpener::open(std::uint64_t nonce, std::span<const std::uint8_t> aad, std::span<std::uint8_t> text,
                      const Tag& tag) {
    apply(context_.get(), nonce, aad, text);
    Tag expected = tag;  // OpenSSL takes the tag as a pointer to non-const
    require(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(expected.size()),
                                expected.data()) == 1,
            "EVP_CIPHER_CTX_ctrl");
    int done = 0;
    if (EVP_CipherFinal_ex(context_.get(), expected.data(), &done) == 1) return true;
    wipe(text);
    return false;
}

}  // namespace portcullis::codec
