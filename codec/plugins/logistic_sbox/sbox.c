#define _DEFAULT_SOURCE /* explicit_bzero */
#include "codec/plugins/logistic_sbox/sbox.h"

#include <string.h>

/* Every irreducible polynomial of degree 8 over GF(2), without its x^8: 0x1b is x^8 + x^4 + x^3 + x + 1. */
static const uint8_t polynomials[SBOX_POLYNOMIALS] = {
    0x1b, 0x1d, 0x2b, 0x2d, 0x39, 0x3f, 0x4d, 0x5f, 0x63, 0x65, 0x69, 0x71, 0x77, 0x7b, 0x87,
    0x8b, 0x8d, 0x9f, 0xa3, 0xa9, 0xb1, 0xbd, 0xc3, 0xcf, 0xd7, 0xdd, 0xe7, 0xf3, 0xf5, 0xf9,
};

static uint8_t product(uint8_t a, uint8_t b, uint8_t polynomial) {
    unsigned sum = 0;
    for (int bit = 7; bit >= 0; --bit) {
        sum = (sum << 1) ^ (sum & 0x80 ? polynomial : 0u);
        if (b >> bit & 1) sum ^= a;
    }
    return (uint8_t)sum;
}

/* Fills powers[0 .. 254] with the powers of the element and says whether these are all elements but 0. */
static int is_generator(uint8_t element, uint8_t polynomial, uint8_t powers[255]) {
    powers[0] = 1;
    for (int i = 1; i < 255; ++i) {
        powers[i] = product(powers[i - 1], element, polynomial);
        if (powers[i] == 1) return 0;
    }
    return 1;
}

void sbox_make(sbox* s, unsigned polynomial, uint8_t a, uint8_t c) {
    uint8_t powers[255];
    uint8_t generator = 2;
    while (!is_generator(generator, polynomials[polynomial], powers)) ++generator;

    int log_a = 0;
    while (powers[log_a] != a) ++log_a;
    s->to[0] = c;
    for (int i = 0; i < 255; ++i) s->to[powers[i]] = powers[(log_a + 255 - i) % 255] ^ c;
    explicit_bzero(powers, sizeof powers);
}

void sbox_invert(sbox* inverse, const sbox* s) {
    for (unsigned b = 0; b < 256; ++b) inverse->to[s->to[b]] = (uint8_t)b;
}
