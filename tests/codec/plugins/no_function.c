#include "sample.h"

DESCRIBE(plugin.destroy = NULL)
