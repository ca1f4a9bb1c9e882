#include "codec/key_wrap.hpp"

#include <algorithm>

#include "codec/openssl.hpp"
#include "codec/secret.hpp"

namespace portcullis::codec {

namespace {

constexpr std::size_t max_key = 64;
constexpr std::size_t overhead = 16;  // initial value, and padding to 8 bytes

const EVP_CIPHER* cipher_for(std::span<const std::uint8_t> kek) {
    switch (kek.size()) {
        case 16:
            return aes_128_wrap_pad();
        case 24:
            return aes_192_wrap_pad();
        case 32:
            return aes_256_wrap_pad();
        default:
            return nullptr;
    }
}

CipherContext context_for(std::span<const std::uint8_t> kek, int encrypt) {
    CipherContext context(EVP_CIPHER_CTX_new());
    const EVP_CIPHER* cipher = cipher_for(kek);
    if (!context || !cipher) return {};
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex(context.get(), cipher, nullptr, kek.data(), nullptr, encrypt) != 1) return {};
    return context;
}

}  // namespace

std::optional<std::vector<std::uint8_t>> wrap_key(std::span<const std::uint8_t> kek,
                                                  std::span<const std::uint8_t> key) {
    const auto context = context_for(kek, 1);
    if (!context || key.empty() || key.size() > max_key) return std::nullopt;
    std::vector<std::uint8_t> wrapped(key.size() + overhead);
    int length = 0;
    if (EVP_CipherUpdate(context.get(), wrapped.data(), &length, key.data(), static_cast<int>(key.size())) !=
        1)
        return std::nullopt;
    wrapped.resize(static_cast<std::size_t>(length));
    return wrapped;
}

bool unwrap_key(std::span<const std::uint8_t> kek, std::span<const std::uint8_t> wrapped,
                std::span<std::uint8_t> key) {
    wipe(key);
    if (wrapped.size() > max_key + overhead || key.size() > max_key) return false;
    const auto context = context_for(kek, 0);
    Secret<max_key + overhead> plain;
    int length = 0;
    if (!context || EVP_CipherUpdate(context.get(), plain.fill().data(), &length, wrapped.data(),
                                     static_cast<int>(wrapped.size())) != 1)
        return false;
    if (static_cast<std::size_t>(length) != key.size()) return false;
    std::copy_n(plain.view().begin(), key.size(), key.begin());
    return true;
}

}  // namespace portcullis::codec
