#pragma once
#include <sys/resource.h>

namespace portcullis {

/// The calling thread, and no other (on Linux), stands behind the others for a processor: nice value up
/// to 19.
inline void give_way(int nice) {
    ::setpriority(PRIO_PROCESS, 0, nice);
}

}  // namespace portcullis
