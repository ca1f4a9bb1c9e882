/* A plugin that passes, in parts: each file here spoils one. */
#include <stdlib.h>
#include <string.h>

#include "codec/plugin.h"

#define SAMPLE_KEY 32u

typedef struct sample_cipher {
    uint8_t key[SAMPLE_KEY];
} sample_cipher;

static inline void* sample_create(const uint8_t* key, size_t key_length) {
    sample_cipher* cipher = malloc(sizeof *cipher);
    if (cipher) memcpy(cipher->key, key, key_length);
    return cipher;
}

static inline void sample_destroy(void* cipher) {
    explicit_bzero(cipher, sizeof(sample_cipher));
    free(cipher);
}

/* Its own inverse: xor with the key, the number of the unit and the place in it. */
static inline size_t sample_apply(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    const uint8_t* key = ((const sample_cipher*)cipher)->key;
    for (size_t i = 0; i < length; ++i)
        unit[i] = (uint8_t)(unit[i] ^ key[i % SAMPLE_KEY] ^ (unit_number >> (8 * (i % 8))) ^ (i >> 8));
    return length;
}

static inline portcullis_plugin sample_plugin(void) {
    const portcullis_plugin plugin = {PORTCULLIS_PLUGIN_ABI, SAMPLE_KEY,     "sample",     7,
                                      sample_create,         sample_destroy, sample_apply, sample_apply};
    return plugin;
}

/* DESCRIBE(change): the sample, with `plugin` changed so. */
#define DESCRIBE(change)                                        \
    const portcullis_plugin* portcullis_plugin_describe(void) { \
        static portcullis_plugin plugin;                        \
        plugin = sample_plugin();                               \
        change;                                                 \
        return &plugin;                                         \
    }
