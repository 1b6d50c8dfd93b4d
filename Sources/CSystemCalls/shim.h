#pragma once

#include <stdint.h>

/* What statfs(2) says of the file system of a path. */
struct standstill_file_system {
    uint64_t type;
    uint64_t free_bytes;
    uint64_t files;
    uint64_t free_files;
};

#ifdef __linux__
#include <string.h>
#include <sys/prctl.h>
#include <sys/timex.h>
#include <sys/vfs.h>

/* prctl takes a variable number of arguments, which Swift cannot call. */
static inline int standstill_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Swift's module of Glibc lacks the headers of the calls below. */

/* 1 when the kernel says that the clock is synchronised, 0 when not, -1 when it does not say. */
static inline int standstill_clock_is_synchronised(void) {
    struct timex state;
    memset(&state, 0, sizeof state);
    int outcome = adjtimex(&state);
    if (outcome < 0) return -1;
    return outcome != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

static inline int standstill_examine_file_system(const char *path, struct standstill_file_system *facts) {
    struct statfs state;
    if (statfs(path, &state) != 0) return -1;
    facts->type = (uint64_t)state.f_type;
    facts->free_bytes = (uint64_t)state.f_bavail * (uint64_t)state.f_bsize;
    facts->files = state.f_files;
    facts->free_files = state.f_ffree;
    return 0;
}
#else
#include <errno.h>

static inline int standstill_forbid_dumps(void) {
    return -1;
}

static inline int standstill_clock_is_synchronised(void) {
    return -1;
}

static inline int standstill_examine_file_system(const char *path, struct standstill_file_system *facts) {
    errno = ENOSYS;
    return -1;
}
#endif
