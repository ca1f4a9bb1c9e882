#include "sample.h"

__attribute__((visibility("default"))) portcullis_plugin describe(void);

portcullis_plugin describe(void) {
    return sample_plugin();
}
