#include <unistd.h>

#include "sample.h"

static size_t hang(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    for (;;) pause();
    return sample_apply(cipher, unit, length, unit_number);
}

DESCRIBE(plugin.decrypt_unit = hang)
