#include "sample.h"

static const char here;

static size_t apply(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    return sample_apply(cipher, unit, length, unit_number ^ ((uintptr_t)&here >> 12));
}

DESCRIBE(plugin.encrypt_unit = apply; plugin.decrypt_unit = apply)
