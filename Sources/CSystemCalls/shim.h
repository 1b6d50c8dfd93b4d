#pragma once

/* prctl takes a variable number of arguments, which Swift cannot call. */
#ifdef __linux__
#include <sys/prctl.h>

static inline int standstill_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
#else
static inline int standstill_forbid_dumps(void) {
    return -1;
}
#endif
