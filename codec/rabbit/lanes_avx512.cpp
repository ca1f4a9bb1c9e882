// All sixteen lanes in one register; compiled for AVX-512F, called only where the processor has it.

#include <immintrin.h>

#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit/kernel.hpp"

namespace portcullis::codec::rabbit {

namespace {

struct Avx512 {
    typedef std::uint32_t Type __attribute__((vector_size(64)));

    static __m512i raw(Type word) { return reinterpret_cast<__m512i>(word); }
    static Type cooked(__m512i word) { return reinterpret_cast<Type>(word); }

    static Type is_less(Type a, Type b) { return reinterpret_cast<Type>(a < b); }
    /// As in AVX2: the even lanes, and the odd ones in their place.
    static Type fold_square(Type word) {
        const __m512i odd_word = _mm512_srli_epi64(raw(word), 32);
        const __m512i even = _mm512_mul_epu32(raw(word), raw(word));
        const __m512i odd = _mm512_mul_epu32(odd_word, odd_word);
        const __m512i low = _mm512_xor_si512(even, _mm512_srli_epi64(even, 32));
        const __m512i high = _mm512_xor_si512(odd, _mm512_slli_epi64(odd, 32));
        return cooked(_mm512_mask_blend_epi32(0xAAAA, low, high));
    }
    static Type halves(Type a, Type b) { return a >> 16 | b << 16; }
    template <int bits>
    static Type rotl(Type word) {
        return cooked(_mm512_rol_epi32(raw(word), bits));
    }
};

}  // namespace

void apply_avx512(LaneStates& states, std::uint8_t* text, std::size_t blocks) {
    apply_registers<Avx512>(states, text, blocks);
}

}  // namespace portcullis::codec::rabbit
