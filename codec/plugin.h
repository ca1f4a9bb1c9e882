/* The contract of a loadable codec, ABI version 1.
 *
 * A plugin is a shared object that exports one function, portcullis_plugin_describe. What it describes is a
 * length-preserving cipher over one unit of pixels (codec/codec.hpp says what that is for, and what it is not
 * trusted with). A plugin is given one unit and one key. It never sees the key of the object, the key that
 * wraps it, the key of the AES-256-GCM that encloses every unit, nor the envelope.
 *
 * A plugin is native code in the gateway's process, and so it is trusted code: it is loaded only from the
 * absolute paths, and only with the SHA-256, that the configuration names, and only after it has passed a
 * self-test in a process of its own. What is asked of it there, and what holds for ever after:
 *
 *  - deterministic: the same key, number and unit give the same result, in every process, on every machine;
 *  - its own inverse: decrypt_unit undoes encrypt_unit, in this cipher or in another one of the same key;
 *  - in bounds: it touches `unit[0 .. length)` and `key[0 .. key_length)` and nothing else of the caller's;
 *  - without a state between units: they come in any order, some of them again, some never;
 *  - able to serve several ciphers at once, each in one thread at a time, the threads not always the same.
 *
 * An object that was sealed with a plugin opens only with that plugin: keep it as long as the objects.
 *
 * Plain C, and nothing here depends on the compiler. codec/plugins/README.md goes from an empty file to a
 * loaded cipher.
 */
#ifndef PORTCULLIS_CODEC_PLUGIN_H
#define PORTCULLIS_CODEC_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PORTCULLIS_PLUGIN_ABI 1u
#define PORTCULLIS_PLUGIN_MOST_KEY 1024u    /* bytes of a key */
#define PORTCULLIS_PLUGIN_MOST_UNIT 262144u /* bytes of a unit; the least is 1 */

typedef struct portcullis_plugin {
    uint32_t abi;        /* PORTCULLIS_PLUGIN_ABI, as the plugin was compiled */
    uint32_t key_length; /* bytes, 0 to PORTCULLIS_PLUGIN_MOST_KEY; a key is uniformly random */
    const char* id;      /* 1 to 32 of a-z, 0-9 and '-', then a zero; none of the built-in codecs' */
    uint16_t version;    /* a cipher that gives other results is another version */

    /* A cipher under this key, or NULL if there is no memory for it. The key may be gone when it returns. */
    void* (*create)(const uint8_t* key, size_t key_length);
    /* Wipes what it knows of the key. Called once for each cipher. */
    void (*destroy)(void* cipher);

    /* In place. Returns `length`; anything else says that it failed, and the object is given up. */
    size_t (*encrypt_unit)(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number);
    size_t (*decrypt_unit)(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number);
} portcullis_plugin;

/* The one symbol that a plugin exports. What it points to stays as it is as long as the plugin is loaded. */
__attribute__((visibility("default"))) const portcullis_plugin* portcullis_plugin_describe(void);

#ifdef __cplusplus
}
#endif

#endif
