#include <unistd.h>

#include "sample.h"

static size_t apply(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    return sample_apply(cipher, unit, length, unit_number ^ (uint64_t)getpid());
}

DESCRIBE(plugin.encrypt_unit = apply; plugin.decrypt_unit = apply)
