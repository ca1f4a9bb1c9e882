#include "sample.h"

static void* none(const uint8_t* key, size_t key_length) {
    (void)key;
    (void)key_length;
    return NULL;
}

DESCRIBE(plugin.create = none)
