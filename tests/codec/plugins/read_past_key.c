#include "sample.h"

static void* read_past(const uint8_t* key, size_t key_length) {
    const volatile uint8_t* past = key + key_length;
    sample_cipher* cipher = sample_create(key, key_length);
    if (cipher) cipher->key[0] = *past;
    return cipher;
}

DESCRIBE(plugin.create = read_past)
