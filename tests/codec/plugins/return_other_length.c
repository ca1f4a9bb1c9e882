#include "sample.h"

static size_t lie(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    return sample_apply(cipher, unit, length, unit_number) & ~(size_t)15;
}

DESCRIBE(plugin.encrypt_unit = lie)
