#include "codec/rabbit_siv.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "codec/openssl.hpp"
#include "codec/secret.hpp"

namespace portcullis::codec {

namespace {

constexpr std::size_t tail_size = 16;
using Tail = std::array<std::uint8_t, tail_size>;

void put_little_endian(std::uint64_t number, std::span<std::uint8_t, 8> out) {
    for (auto& byte : out) {
        byte = static_cast<std::uint8_t>(number);
        number >>= 8;
    }
}

/// a + b mod 2^128, both little-endian.
Tail add(std::span<const std::uint8_t, tail_size> a, const Tail& b) {
    Tail sum;
    unsigned carry = 0;
    for (std::size_t i = 0; i < tail_size; ++i) {
        carry += static_cast<unsigned>(a[i]) + b[i];
        sum[i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    return sum;
}

/// -a mod 2^128, little-endian.
Tail negate(const Tail& a) {
    Tail complement;
    std::transform(a.begin(), a.end(), complement.begin(),
                   [](std::uint8_t byte) { return static_cast<std::uint8_t>(~byte); });
    return add(complement, Tail{1});
}

/// AES-256 on single blocks, one direction, its key scheduled once.
class BlockCipher {
  public:
    enum class Direction { decrypt = 0, encrypt = 1 };
    BlockCipher(std::span<const std::uint8_t, 32> key, Direction direction) : context_(EVP_CIPHER_CTX_new()) {
        require(context_ && EVP_CipherInit_ex(context_.get(), aes_256_ecb(), nullptr, key.data(), nullptr,
                                              static_cast<int>(direction)) == 1,
                "EVP_CipherInit_ex");
        EVP_CIPHER_CTX_set_padding(context_.get(), 0);
    }
    void apply(std::span<const std::uint8_t, tail_size> in, std::span<std::uint8_t, tail_size> out) {
        int done = 0;
        require(EVP_CipherUpdate(context_.get(), out.data(), &done, in.data(), tail_size) == 1,
                "EVP_CipherUpdate");
    }

  private:
    CipherContext context_;
};

class RabbitSiv final : public UnitCipher {
  public:
    RabbitSiv(std::span<const std::uint8_t, rabbit_siv_key_length> key,
              const rabbit::Implementation& keystream)
        : keystream_(keystream),
          block_(key.subspan<16, 32>(), BlockCipher::Direction::encrypt),
          block_inverse_(key.subspan<16, 32>(), BlockCipher::Direction::decrypt),
          stream_(key.subspan<48, 32>(), BlockCipher::Direction::encrypt) {
        std::copy_n(key.begin(), 16, hash_key_.fill().begin());  // r; s stays zero
        hash_.reset(EVP_MAC_CTX_new(poly1305()));
        require(hash_ != nullptr, "EVP_MAC_CTX_new");
    }

    void encrypt(std::span<std::uint8_t> unit, std::uint64_t unit_number) override {
        if (unit.size() < tail_size) return;
        const auto head = unit.first(unit.size() - tail_size);
        const auto tail = unit.last<tail_size>();
        Tail mixed = add(tail, hash(head, unit_number, unit.size()));
        block_.apply(mixed, tail);
        wipe(mixed);
        apply_keystream(tail, head);
    }

    void decrypt(std::span<std::uint8_t> unit, std::uint64_t unit_number) override {
        if (unit.size() < tail_size) return;
        const auto head = unit.first(unit.size() - tail_size);
        const auto tail = unit.last<tail_size>();
        apply_keystream(tail, head);
        Tail mixed;
        block_inverse_.apply(tail, mixed);
        const Tail plain = add(mixed, negate(hash(head, unit_number, unit.size())));
        std::copy(plain.begin(), plain.end(), tail.begin());
        wipe(mixed);
    }

  private:
    /// Poly1305 over LE64(unit number) | LE64(length of the unit) | head.
    Tail hash(std::span<const std::uint8_t> head, std::uint64_t unit_number, std::size_t unit_length) {
        Tail prefix;
        put_little_endian(unit_number, std::span(prefix).first<8>());
        put_little_endian(unit_length, std::span(prefix).last<8>());
        const auto key = hash_key_.view();
        require(EVP_MAC_init(hash_.get(), key.data(), key.size(), nullptr) == 1, "EVP_MAC_init");
        // OpenSSL's vector code takes over only for calls of a multiple of 128 bytes: those first.
        const std::size_t bulk = head.size() - head.size() % 128;
        for (const auto part :
             {std::span<const std::uint8_t>(prefix), head.first(bulk), head.subspan(bulk)}) {
            require(EVP_MAC_update(hash_.get(), part.data(), part.size()) == 1, "EVP_MAC_update");
        }
        Tail result;
        std::size_t size = result.size();
        require(EVP_MAC_final(hash_.get(), result.data(), &size, result.size()) == 1, "EVP_MAC_final");
        return result;
    }

    void apply_keystream(std::span<const std::uint8_t, tail_size> iv, std::span<std::uint8_t> head) {
        if (head.empty()) return;
        Secret<16> key;
        stream_.apply(iv, key.fill());
        rabbit::Lanes(key.view(), keystream_).apply(head);
    }

    const rabbit::Implementation& keystream_;
    Secret<32> hash_key_;
    MacContext hash_;
    BlockCipher block_, block_inverse_, stream_;
};

}  // namespace

std::unique_ptr<UnitCipher> make_rabbit_siv(std::span<const std::uint8_t> key,
                                            const rabbit::Implementation& keystream) {
    if (key.size() != rabbit_siv_key_length) throw std::logic_error("rabbit-siv: length of the key");
    return std::make_unique<RabbitSiv>(key.first<rabbit_siv_key_length>(), keystream);
}

}  // namespace portcullis::codec
