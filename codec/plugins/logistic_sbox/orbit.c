#include "codec/plugins/logistic_sbox/orbit.h"

enum { absorb_steps = 32, warm_up_steps = 128 };

static const uint64_t least_mu = 0xe47ae147ae147ae2u; /* 3.57, rounded up */

static uint64_t word_of(const uint8_t* bytes) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; --i) word = word << 8 | bytes[i];
    return word;
}

static void run(orbit* o, int steps) {
    for (int i = 0; i < steps; ++i) orbit_step(o);
}

void orbit_start(orbit* o, const uint8_t key[ORBIT_KEY_LENGTH]) {
    const uint64_t span = -least_mu; /* 4 - 3.57 */
    o->x = 0;
    o->mu = least_mu + (uint64_t)(((orbit_product)word_of(key + 8) * span) >> 64);
    o->counter = 0;
    for (unsigned at = 0; at < ORBIT_KEY_LENGTH; at += 8) orbit_absorb(o, word_of(key + at));
    orbit_warm_up(o);
}

void orbit_absorb(orbit* o, uint64_t word) {
    /* Spread over x, because a difference in a low bit alone would need hundreds of steps to grow. Into the
     * counter too, because the map is not injective and may lose what is in x. */
    o->x += word * ORBIT_SPREAD;
    o->counter ^= word;
    run(o, absorb_steps);
}

void orbit_warm_up(orbit* o) {
    run(o, warm_up_steps);
}
