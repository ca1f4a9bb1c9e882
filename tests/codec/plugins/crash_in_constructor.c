#include "sample.h"

__attribute__((constructor)) static void crash(void) {
    abort();
}

DESCRIBE((void)0)
