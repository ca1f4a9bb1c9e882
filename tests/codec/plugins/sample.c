#include "sample.h"

DESCRIBE((void)0)
