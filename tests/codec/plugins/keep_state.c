#include "sample.h"

/* A stream that goes on from unit to unit: fine as long as they come in order, each to be undone at once. */
static size_t encrypt(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    ++((sample_cipher*)cipher)->key[0];
    return sample_apply(cipher, unit, length, unit_number);
}

DESCRIBE(plugin.encrypt_unit = encrypt)
