#include "sample.h"

void nobody_has_this(portcullis_plugin* plugin);

DESCRIBE(nobody_has_this(&plugin))
