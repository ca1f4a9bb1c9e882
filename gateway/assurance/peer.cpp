#include "gateway/assurance/peer.hpp"

#include <openssl/evp.h>

#include <array>

#include "codec/openssl.hpp"

namespace portcullis::assurance {

namespace {

using codec::require;

class ChaCha20Poly1305 final : public Peer {
  public:
    explicit ChaCha20Poly1305(std::span<const std::uint8_t, 32> key) : context_(EVP_CIPHER_CTX_new()) {
        require(context_ && EVP_EncryptInit_ex(context_.get(), EVP_chacha20_poly1305(), nullptr, key.data(),
                                               nullptr) == 1,
                "EVP_EncryptInit_ex");
    }

    void seal(std::uint64_t nonce, std::span<std::uint8_t> text) override {
        std::array<std::uint8_t, 12> iv{};
        for (std::size_t i = 0; i < 8; ++i) iv[i] = static_cast<std::uint8_t>(nonce >> 8 * i);
        std::array<std::uint8_t, 16> tag;
        int done = 0;
        require(EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data()) == 1,
                "EVP_EncryptInit_ex");
        require(EVP_EncryptUpdate(context_.get(), text.data(), &done, text.data(),
                                  static_cast<int>(text.size())) == 1,
                "EVP_EncryptUpdate");
        require(EVP_EncryptFinal_ex(context_.get(), tag.data(), &done) == 1, "EVP_EncryptFinal_ex");
        require(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()),
                                    tag.data()) == 1,
                "EVP_CIPHER_CTX_ctrl");
    }

  private:
    codec::CipherContext context_;
};

}  // namespace

std::unique_ptr<Peer> make_chacha20_poly1305(std::span<const std::uint8_t, 32> key) {
    return std::make_unique<ChaCha20Poly1305>(key);
}

}  // namespace portcullis::assurance
