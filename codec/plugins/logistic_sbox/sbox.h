/* The S-boxes S(b) = a / b + c over the fields of 256 elements. README.md specifies them. */
#ifndef PORTCULLIS_LOGISTIC_SBOX_SBOX_H
#define PORTCULLIS_LOGISTIC_SBOX_SBOX_H

#include <stdint.h>

#define SBOX_POLYNOMIALS 30u

typedef struct sbox {
    uint8_t to[256];
} sbox;

/* In the field of the irreducible polynomial `polynomial` (0 to 29, in ascending order); a is not 0. */
void sbox_make(sbox* s, unsigned polynomial, uint8_t a, uint8_t c);

void sbox_invert(sbox* inverse, const sbox* s);

#endif
