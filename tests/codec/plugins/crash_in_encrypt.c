#include "sample.h"

static size_t crash(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    if (length == 17) abort();
    return sample_apply(cipher, unit, length, unit_number);
}

DESCRIBE(plugin.encrypt_unit = crash)
