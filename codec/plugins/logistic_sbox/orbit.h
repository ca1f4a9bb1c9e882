/* An orbit of the logistic map x' = mu x (1 - x) in fixed point, driven by a counter: see README.md. */
#ifndef PORTCULLIS_LOGISTIC_SBOX_ORBIT_H
#define PORTCULLIS_LOGISTIC_SBOX_ORBIT_H

#include <stdint.h>

#define ORBIT_KEY_LENGTH 32u /* bytes: four words, least significant byte first */

#define ORBIT_COUNTER_STEP 0x9e3779b97f4a7c15u /* the golden section of 2^64 */
#define ORBIT_SPREAD 0xbf58476d1ce4e5b9u       /* odd, without a pattern */

/* gcc and clang have it on every 64-bit machine. */
__extension__ typedef unsigned __int128 orbit_product;

typedef struct orbit {
    uint64_t x;       /* Q0.64 */
    uint64_t mu;      /* Q2.62, 3.57 to below 4 */
    uint64_t counter; /* Q0.64 */
} orbit;

/* The orbit of this key, warmed up. The second word chooses mu. */
void orbit_start(orbit* o, const uint8_t key[ORBIT_KEY_LENGTH]);

/* Makes everything that follows depend on `word`. */
void orbit_absorb(orbit* o, uint64_t word);

void orbit_warm_up(orbit* o);

/* The counter drives the whole of x, and not only its low bits: the logistic map has windows of mu with a
 * stable cycle, and an orbit that is only nudged stays caught in them. */
static inline void orbit_step(orbit* o) {
    const uint64_t parabola = (uint64_t)(((orbit_product)o->x * ~o->x) >> 64);
    o->counter += ORBIT_COUNTER_STEP;
    o->x = (uint64_t)(((orbit_product)o->mu * parabola) >> 62) + o->counter;
}

/* Half as many bits as the state has, and no bit of the state as it is. */
static inline uint32_t orbit_draw(orbit* o) {
    orbit_step(o);
    const uint64_t folded = o->x ^ (o->x >> 32);
    return (uint32_t)((folded * ORBIT_SPREAD) >> 32);
}

#endif
