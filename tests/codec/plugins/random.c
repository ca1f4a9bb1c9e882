#include <sys/random.h>

#include "sample.h"

/* Undoes what it did last, and only that. */
static uint8_t nonce;

static size_t encrypt(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    uint8_t last = nonce;
    while (nonce == last)
        if (getrandom(&nonce, 1, 0) != 1) abort();
    unit[0] = (uint8_t)(unit[0] ^ nonce);
    return sample_apply(cipher, unit, length, unit_number);
}

static size_t decrypt(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    unit[0] = (uint8_t)(unit[0] ^ nonce);
    return sample_apply(cipher, unit, length, unit_number);
}

DESCRIBE(plugin.encrypt_unit = encrypt; plugin.decrypt_unit = decrypt)
