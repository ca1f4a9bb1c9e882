/* logistic-sbox: a published image cipher, rebuilt in integers. Assume it broken. README.md has all of it. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include <stdlib.h>
#include <string.h>

#include "codec/plugin.h"
#include "codec/plugins/logistic_sbox/orbit.h"
#include "codec/plugins/logistic_sbox/sbox.h"

enum { passes = 4 };

/* What one pass over a unit needs to know. */
typedef struct pass {
    orbit masks;
    sbox substitution;
    uint8_t nearer, farther; /* the two neighbours that the first byte has not got */
    int backward;
} pass;

static void prepare(pass* p, const orbit* key, unsigned number, size_t length, uint64_t unit_number) {
    orbit* o = &p->masks;
    *o = *key;
    orbit_absorb(o, unit_number);
    orbit_absorb(o, (uint64_t)number << 32 | length);
    orbit_warm_up(o);
    const unsigned polynomial = (unsigned)((uint64_t)orbit_draw(o) * SBOX_POLYNOMIALS >> 32);
    const uint8_t a = (uint8_t)(1 + ((uint64_t)orbit_draw(o) * 255 >> 32));
    const uint32_t rest = orbit_draw(o);
    sbox_make(&p->substitution, polynomial, a, (uint8_t)rest);
    p->nearer = (uint8_t)(rest >> 8);
    p->farther = (uint8_t)(rest >> 16);
    p->backward = number % 2 != 0;
}

/* The mask of a byte is the low end of this; a draw gives four. */
static inline uint32_t next_masks(uint32_t masks, size_t i, orbit* o) {
    return i % 4 == 0 ? orbit_draw(o) : masks >> 8;
}

static void encrypt_pass(pass* restrict p, uint8_t* restrict unit, size_t length) {
    uint32_t masks = 0;
    uint8_t nearer = p->nearer, farther = p->farther;
    for (size_t i = 0; i < length; ++i) {
        uint8_t* const at = unit + (p->backward ? length - 1 - i : i);
        masks = next_masks(masks, i, &p->masks);
        const uint8_t mixed = (uint8_t) ~(*at ^ masks ^ farther ^ nearer);
        farther = nearer;
        nearer = *at = p->substitution.to[mixed];
    }
}

static void decrypt_pass(pass* restrict p, uint8_t* restrict unit, size_t length) {
    uint32_t masks = 0;
    uint8_t nearer = p->nearer, farther = p->farther;
    sbox inverse;
    sbox_invert(&inverse, &p->substitution);
    for (size_t i = 0; i < length; ++i) {
        uint8_t* const at = unit + (p->backward ? length - 1 - i : i);
        masks = next_masks(masks, i, &p->masks);
        const uint8_t sealed = *at;
        *at = (uint8_t) ~(inverse.to[sealed] ^ masks ^ farther ^ nearer);
        farther = nearer;
        nearer = sealed;
    }
    explicit_bzero(&inverse, sizeof inverse);
}

static size_t encrypt_unit(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    if (length == 0 || length > PORTCULLIS_PLUGIN_MOST_UNIT) return 0;
    pass p;
    for (unsigned number = 0; number < passes; ++number) {
        prepare(&p, cipher, number, length, unit_number);
        encrypt_pass(&p, unit, length);
    }
    explicit_bzero(&p, sizeof p);
    return length;
}

static size_t decrypt_unit(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    if (length == 0 || length > PORTCULLIS_PLUGIN_MOST_UNIT) return 0;
    pass p;
    for (unsigned number = passes; number-- > 0;) {
        prepare(&p, cipher, number, length, unit_number);
        decrypt_pass(&p, unit, length);
    }
    explicit_bzero(&p, sizeof p);
    return length;
}

static void* create(const uint8_t* key, size_t key_length) {
    if (key_length != ORBIT_KEY_LENGTH) return NULL;
    orbit* cipher = malloc(sizeof *cipher);
    if (cipher != NULL) orbit_start(cipher, key);
    return cipher;
}

static void destroy(void* cipher) {
    if (cipher == NULL) return;
    explicit_bzero(cipher, sizeof(orbit));
    free(cipher);
}

const portcullis_plugin* portcullis_plugin_describe(void) {
    static const portcullis_plugin plugin = {
        PORTCULLIS_PLUGIN_ABI, ORBIT_KEY_LENGTH, "logistic-sbox", 1, create, destroy,
        encrypt_unit,          decrypt_unit,
    };
    return &plugin;
}
