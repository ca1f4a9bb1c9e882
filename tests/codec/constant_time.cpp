// To be run under valgrind: keys and pixels count as undefined, and memcheck reports every branch and every
// address that depends on something undefined. (The method is ctgrind's.)
#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit_siv.hpp"
#include "codec/secret.hpp"

using namespace portcullis::codec;

namespace {

void make_secret(std::span<const std::uint8_t> bytes) {
    VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
}

void make_public(std::span<const std::uint8_t> bytes) {
    VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
}

void encrypt_and_decrypt(const rabbit::Implementation& keystream, std::size_t length) {
    std::vector<std::uint8_t> key(rabbit_siv_key_length, 7), unit(length, 9);
    make_secret(key);
    make_secret(unit);
    const auto cipher = make_rabbit_siv(key, keystream);
    cipher->encrypt(unit, 3);
    cipher->decrypt(unit, 3);
    make_public(unit);
    if (unit != std::vector<std::uint8_t>(length, 9)) std::exit(2);
}

}  // namespace

/// `control`: with a table that a secret indexes, to show that it would be found.
int main(int count, char** arguments) {
    if (!RUNNING_ON_VALGRIND) {
        std::fputs("constant_time: run it under valgrind\n", stderr);
        return 2;
    }
    if (count == 2 && std::string_view(arguments[1]) == "control") {
        const std::vector<std::uint8_t> secret(1), table(256, 1);
        make_secret(secret);
        return table[secret[0]] == 1 ? 0 : 3;
    }
    // valgrind has no AVX-512, and hides it; AVX2 it must have where the processor does.
    if (__builtin_cpu_supports("avx2") && rabbit::implementations().back().name != "avx2") return 2;
    for (const auto& keystream : rabbit::implementations()) {
        for (const std::size_t length : {15, 16, 17, 300, 5000}) encrypt_and_decrypt(keystream, length);
        std::printf("%s\n", keystream.name.data());
    }
    std::vector<std::uint8_t> a(32, 1), b(32, 1);
    make_secret(a);
    bool equal = equal_in_constant_time(a, b);
    VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof equal);
    return equal ? 0 : 1;
}
