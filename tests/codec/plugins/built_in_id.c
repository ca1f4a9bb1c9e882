#include "sample.h"

DESCRIBE(plugin.id = "rabbit-siv")
