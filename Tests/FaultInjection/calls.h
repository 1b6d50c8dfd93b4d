#ifndef CALLS_H
#define CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The classes of calls, in the order of the counters. */
enum call { JOURNAL_WRITE, JOURNAL_SYNC, FILE_WRITE, FILE_SYNC, ENTRY, DIRECTORY_SYNC, SEND, CALLS, NOTHING };

enum action { NO_ACTION, KILL, CUT, FAIL, SHORTEN };

/* What happens at a call. */
struct fate {
    enum action action;
    bool after;      /* once the call is made, not before */
    int error;       /* for FAIL */
    uint64_t seed;   /* for CUT */
};

/* plan.c: reads the environment once, and says what happens at a call; counts it. The caller holds the turn. */
struct fate meet(enum call call);
void carry_out(enum call call, struct fate fate, bool after);
const char *watched_directory(void);

/* undo.c: what was written and not flushed. The caller holds the turn. */
void note_write(int descriptor, off_t offset, const void *bytes, size_t count, const void *old, size_t old_count, off_t size);
void note_length(int descriptor, off_t length, off_t size);
void note_flushed(int descriptor);
void note_created(const char *name);
void note_renamed(const char *from, const char *to, const void *replaced, size_t count, bool existed);
void note_removed(const char *name, const void *content, size_t count);
void note_directory_flushed(void);
void lose(int descriptor);
void cut_power(uint64_t seed);

/* real.c: the calls themselves. */
ssize_t real_pread(int descriptor, void *bytes, size_t count, off_t offset);
ssize_t real_pwrite(int descriptor, const void *bytes, size_t count, off_t offset);
ssize_t real_write(int descriptor, const void *bytes, size_t count);
int real_ftruncate(int descriptor, off_t length);
int real_rename(const char *from, const char *to);
int real_unlink(const char *path);
int real_open(const char *path, int flags, mode_t mode);

#endif
