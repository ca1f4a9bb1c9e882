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

    /// AVX2 compares signed numbers only. Of two that differ, a is less if b is the larger.
    static Type is_less(Type a, Type b) {
        return cooked(_mm256_cmpeq_epi32(_mm256_max_epu32(raw(a), raw(b)), raw(b)));
    }
    /// The instruction squares the even lanes, 32 bits to 64; the odd ones take their place for a second one.
    /// The low words of both are gathered, and the high ones, in the order of lanes 0, 2, 1, 3.
    static Type fold_square(Type word) {
        const __m256i odd_word = _mm256_srli_epi64(raw(word), 32);
        const __m256 even = _mm256_castsi256_ps(_mm256_mul_epu32(raw(word), raw(word)));
        const __m256 odd = _mm256_castsi256_ps(_mm256_mul_epu32(odd_word, odd_word));
        const __m256 low = _mm256_shuffle_ps(even, odd, _MM_SHUFFLE(2, 0, 2, 0));
        const __m256 high = _mm256_shuffle_ps(even, odd, _MM_SHUFFLE(3, 1, 3, 1));
        const __m256i folded = _mm256_castps_si256(_mm256_xor_ps(low, high));
        return cooked(_mm256_shuffle_epi32(folded, _MM_SHUFFLE(3, 1, 2, 0)));
    }
    /// The halves of each lane that are wanted, and then changed about.
    static Type halves(Type a, Type b) { return rotl<16>(cooked(_mm256_blend_epi16(raw(b), raw(a), 0xAA))); }
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
