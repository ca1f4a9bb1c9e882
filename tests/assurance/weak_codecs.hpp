#pragma once
// Ciphers with one known weakness each.

#include <algorithm>

#include "codec/codec.hpp"
#include "codec/rabbit/lanes.hpp"
#include "codec/rabbit_siv.hpp"

namespace portcullis::assurance {

/// Every byte XOR one byte of the key.
class XorConstant final : public codec::UnitCipher {
  public:
    explicit XorConstant(std::span<const std::uint8_t> key) : constant_(key.front()) {}
    void encrypt(std::span<std::uint8_t> unit, std::uint64_t) override {
        for (auto& byte : unit) byte ^= constant_;
    }
    void decrypt(std::span<std::uint8_t> unit, std::uint64_t number) override { encrypt(unit, number); }

  private:
    std::uint8_t constant_;
};

/// A keystream that depends on the key and the unit's number alone.
class StreamOnly final : public codec::UnitCipher {
  public:
    explicit StreamOnly(std::span<const std::uint8_t> key) { std::copy_n(key.begin(), 16, key_.begin()); }
    void encrypt(std::span<std::uint8_t> unit, std::uint64_t number) override {
        auto key = key_;
        key[0] = static_cast<std::uint8_t>(key[0] + number);
        codec::rabbit::Lanes(key).apply(unit);
    }
    void decrypt(std::span<std::uint8_t> unit, std::uint64_t number) override { encrypt(unit, number); }

  private:
    std::array<std::uint8_t, 16> key_;
};

/// rabbit-siv, always under the same key.
class KeyIgnored final : public codec::UnitCipher {
  public:
    explicit KeyIgnored(std::span<const std::uint8_t>)
        : cipher_(codec::make_rabbit_siv(std::vector<std::uint8_t>(codec::rabbit_siv_key_length, 0x5A))) {}
    void encrypt(std::span<std::uint8_t> unit, std::uint64_t number) override {
        cipher_->encrypt(unit, number);
    }
    void decrypt(std::span<std::uint8_t> unit, std::uint64_t number) override {
        cipher_->decrypt(unit, number);
    }

  private:
    std::unique_ptr<codec::UnitCipher> cipher_;
};

template <class Cipher>
codec::Codec weak_codec(const std::string& id, std::size_t key_length) {
    return {id, 1, key_length, [](auto key) { return std::make_unique<Cipher>(key); }};
}

}  // namespace portcullis::assurance
