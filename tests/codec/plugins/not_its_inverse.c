#include "sample.h"

static size_t other(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    return sample_apply(cipher, unit, length, unit_number & UINT32_MAX);
}

DESCRIBE(plugin.decrypt_unit = other)
