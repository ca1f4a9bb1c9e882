#include "sample.h"

DESCRIBE(plugin.key_length = 4096)
