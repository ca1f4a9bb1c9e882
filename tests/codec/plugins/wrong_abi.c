#include "sample.h"

DESCRIBE(plugin.abi = 2)
