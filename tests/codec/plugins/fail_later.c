#include "sample.h"

/* Passes the self-test, which has no unit of this length. */
static size_t fail(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    return length == 12345 ? 0 : sample_apply(cipher, unit, length, unit_number);
}

DESCRIBE(plugin.id = "fail-later"; plugin.encrypt_unit = fail; plugin.decrypt_unit = fail)
