/* What shall go wrong, read from the environment, and the end of the process. */
#define _GNU_SOURCE
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const names[CALLS] = {
    "journal-write", "journal-sync", "file-write", "file-sync", "entry", "directory-sync", "send",
};

struct fault {
    unsigned classes; /* one bit for each */
    uint64_t nth, seen;
    bool stays;
    struct fate fate;
};

enum { FAULTS = 8 };
static struct fault faults[FAULTS];
static int fault_count;
static uint64_t fallback[CALLS];
static uint64_t *counts = fallback;
static int log_descriptor = -1;
static char directory[PATH_MAX];

static void refuse(const char *what) {
    dprintf(STDERR_FILENO, "fault injection: %s cannot be understood\n", what);
    _exit(64);
}

static unsigned classes_named(const char *name) {
    if (!strcmp(name, "any")) return (1u << CALLS) - 1;
    if (!strcmp(name, "disk")) return (1u << SEND) - 1;
    for (int call = 0; call < CALLS; call++)
        if (!strcmp(name, names[call])) return 1u << call;
    return 0;
}

static bool read_action(char *name, struct fault *fault) {
    static const struct { const char *name; struct fate fate; } actions[] = {
        {"kill-before", {.action = KILL}},
        {"kill-after", {.action = KILL, .after = true}},
        {"cut-before", {.action = CUT}},
        {"cut-after", {.action = CUT, .after = true}},
        {"eio", {.action = FAIL, .error = EIO}},
        {"enospc", {.action = FAIL, .error = ENOSPC}},
        {"erofs", {.action = FAIL, .error = EROFS}},
        {"short", {.action = SHORTEN}},
    };
    size_t length = strlen(name);
    if (length > 3 && !strcmp(name + length - 3, "-on")) {
        name[length - 3] = 0;
        fault->stays = true;
    }
    for (size_t index = 0; index < sizeof actions / sizeof *actions; index++) {
        if (strcmp(name, actions[index].name)) continue;
        fault->fate = actions[index].fate;
        return true;
    }
    return false;
}

static void read_fault(char *text) {
    if (fault_count == FAULTS) refuse("a list of more than 8 faults");
    struct fault *fault = &faults[fault_count++];
    char *rest = text;
    char *class = strsep(&rest, ":"), *nth = strsep(&rest, ":"), *action = strsep(&rest, ":");
    fault->classes = classes_named(class);
    fault->nth = nth ? strtoull(nth, NULL, 10) : 0;
    if (!fault->classes || !fault->nth || !action || !read_action(action, fault)) refuse(text);
    fault->fate.seed = rest ? strtoull(rest, NULL, 10) : 0;
}

/* The process shall not outlive whoever started it, however that ends. */
static void *hold_leash(void *unused) {
    (void)unused;
    char byte;
    for (;;) {
        ssize_t count = read(STDIN_FILENO, &byte, 1);
        if (count == 0 || (count < 0 && errno != EINTR)) break;
    }
    kill(getpid(), SIGKILL);
    return NULL;
}

static void start_leash(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, hold_leash, NULL) != 0) refuse("STANDSTILL_LEASH");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

__attribute__((constructor)) static void read_environment(void) {
    const char *watched = getenv("STANDSTILL_FAULT_DIRECTORY");
    if (watched && !realpath(watched, directory)) refuse("STANDSTILL_FAULT_DIRECTORY");
    const char *log = getenv("STANDSTILL_FAULT_LOG");
    if (log) log_descriptor = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const char *counted = getenv("STANDSTILL_FAULT_COUNTS");
    if (counted) {
        int descriptor = real_open(counted, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0 || real_ftruncate(descriptor, sizeof fallback) != 0) refuse("STANDSTILL_FAULT_COUNTS");
        void *memory = mmap(NULL, sizeof fallback, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (memory == MAP_FAILED) refuse("STANDSTILL_FAULT_COUNTS");
        counts = memory;
        memset(counts, 0, sizeof fallback);
    }
    const char *text = getenv("STANDSTILL_FAULT");
    if (text && *text) {
        char *copy = strdup(text), *rest = copy;
        while (rest) read_fault(strsep(&rest, ","));
        free(copy);
    }
    if (getenv("STANDSTILL_LEASH")) start_leash();
}

const char *watched_directory(void) { return directory; }

struct fate meet(enum call call) {
    struct fate found = {.action = NO_ACTION};
    counts[call]++;
    for (int index = 0; index < fault_count; index++) {
        struct fault *fault = &faults[index];
        if (!(fault->classes & 1u << call)) continue;
        fault->seen++;
        if (fault->seen == fault->nth || (fault->stays && fault->seen > fault->nth)) found = fault->fate;
    }
    return found;
}

void carry_out(enum call call, struct fate fate, bool after) {
    if (fate.action == NO_ACTION || fate.after != after) return;
    static const char *const actions[] = {
        [KILL] = "kill", [CUT] = "cut", [FAIL] = "fail", [SHORTEN] = "short",
    };
    if (log_descriptor >= 0)
        dprintf(log_descriptor, "%s %s %s\n", names[call], after ? "after" : "before", actions[fate.action]);
    if (fate.action != KILL && fate.action != CUT) return;
    if (fate.action == CUT) cut_power(fate.seed);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}
