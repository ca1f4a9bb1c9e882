#include "sample.h"

static void* keep(const uint8_t* key, size_t key_length) {
    (void)key_length;
    return (void*)(uintptr_t)key;
}

static void forget(void* cipher) {
    (void)cipher;
}

DESCRIBE(plugin.create = keep; plugin.destroy = forget)
