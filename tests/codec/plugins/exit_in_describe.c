#include "sample.h"

DESCRIBE(exit(0))
