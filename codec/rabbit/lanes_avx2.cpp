// Eight lanes to a register; compiled for AVX2, called only where the processor has it.

#include <immintrin.h>

#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit/kernel.hpp"

namespace portcullis::codec::rabbit {

namespace {

struct Avx2 {
    typedef std::uint32_t Type __attribute__((vector_size(32)));

    static __m256i raw(Type word) { return reinterpret_cast<__m256i>(word); }
    static Type cooked(__m256i word) { return reinterpret_cast<Type>(word); }

    static Type is_less(Type a, Type b) { return reinterpret_cast<Type>(a < b); }
    /// The instruction squares the even lanes, 32 bits to 64; the odd ones take their place for a second one.
    static Type fold_square(Type word) {
        const __m256i odd_word = _mm256_srli_epi64(raw(word), 32);
        const __m256i even = _mm256_mul_epu32(raw(word), raw(word));
        const __m256i odd = _mm256_mul_epu32(odd_word, odd_word);
        const __m256i low = _mm256_xor_si256(even, _mm256_srli_epi64(even, 32));
        const __m256i high = _mm256_xor_si256(odd, _mm256_slli_epi64(odd, 32));
        return cooked(_mm256_blend_epi32(low, high, 0xAA));
    }
    /// Whole bytes: one shuffle.
    template <int bits>
    static Type rotl(Type word) {
        constexpr int bytes = bits / 8;
        static_assert(bits % 8 == 0);
        constexpr auto from = [](int i) { return static_cast<char>(i / 4 * 4 + (i + 4 - bytes) % 4); };
        const __m256i order =
            _mm256_setr_epi8(from(0), from(1), from(2), from(3), from(4), from(5), from(6), from(7), from(8),
                             from(9), from(10), from(11), from(12), from(13), from(14), from(15), from(0),
                             from(1), from(2), from(3), from(4), from(5), from(6), from(7), from(8), from(9),
                             from(10), from(11), from(12), from(13), from(14), from(15));
        return cooked(_mm256_shuffle_epi8(raw(word), order));
    }
};

}  // namespace

void apply_avx2(LaneStates& states, std::uint8_t* text, std::size_t blocks) {
    apply_registers<Avx2>(states, text, blocks);
}

}  // namespace portcullis::codec::rabbit
