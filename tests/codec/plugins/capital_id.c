#include "sample.h"

DESCRIBE(plugin.id = "Sample")
