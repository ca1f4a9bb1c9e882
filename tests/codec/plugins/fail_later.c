#include "sample.h"

/* Passes the self-test, which has no units of these lengths. */
static size_t fail_to_encrypt(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    return length == 3072 ? 0 : sample_apply(cipher, unit, length, unit_number);
}

static size_t fail_to_decrypt(void* cipher, uint8_t* unit, size_t length, uint64_t unit_number) {
    return length == 5120 ? 0 : sample_apply(cipher, unit, length, unit_number);
}

DESCRIBE(plugin.id = "fail-later"; plugin.encrypt_unit = fail_to_encrypt;
         plugin.decrypt_unit = fail_to_decrypt)
