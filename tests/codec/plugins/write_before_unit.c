#include "sample.h"

static size_t write_before(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    unit[-1] = 0;
    return sample_apply(cipher, unit, length, unit_number);
}

DESCRIBE(plugin.encrypt_unit = write_before)
