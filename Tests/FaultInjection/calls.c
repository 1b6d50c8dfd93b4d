/* The calls of the process, each looked at before it is made. */
#define _GNU_SOURCE
#include "calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ({ \
    static __typeof__(&name) found; \
    if (!found) found = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    found; \
})

ssize_t real_pread(int descriptor, void *bytes, size_t count, off_t offset) { return REAL(pread)(descriptor, bytes, count, offset); }
ssize_t real_pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return REAL(pwrite)(descriptor, bytes, count, offset);
}
ssize_t real_write(int descriptor, const void *bytes, size_t count) { return REAL(write)(descriptor, bytes, count); }
int real_ftruncate(int descriptor, off_t length) { return REAL(ftruncate)(descriptor, length); }
int real_rename(const char *from, const char *to) { return REAL(rename)(from, to); }
int real_unlink(const char *path) { return REAL(unlink)(path); }
int real_open(const char *path, int flags, mode_t mode) { return REAL(open)(path, flags, mode); }

/* One call at a time, so that nothing is sent or written while the power goes. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* The name of a path below the watched directory that counts; NULL for any other. */
static const char *counted_name(const char *path) {
    const char *directory = watched_directory();
    size_t length = strlen(directory);
    if (!length || strncmp(path, directory, length) || path[length] != '/') return NULL;
    const char *name = path + length + 1;
    if (!*name || strchr(name, '/') || strstr(name, " (deleted)") || !strcmp(name, "lock")) return NULL;
    return name;
}

static bool is_journal(const char *name) { return !strncmp(name, "journal.sqlite", 14); }

static bool path_of(int descriptor, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return false;
    path[length] = 0;
    return true;
}

static bool is_tcp(int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) return false;
    return address.ss_family == AF_INET || address.ss_family == AF_INET6;
}

/* What writing to a descriptor, or flushing it, counts as. */
static enum call class_of(int descriptor, bool is_flush) {
    int error = errno;
    enum call call = NOTHING;
    struct stat status;
    char path[PATH_MAX];
    if (*watched_directory() && fstat(descriptor, &status) == 0) {
        const char *name;
        if (S_ISSOCK(status.st_mode)) {
            if (!is_flush && is_tcp(descriptor)) call = SEND;
        } else if (S_ISDIR(status.st_mode)) {
            if (is_flush && path_of(descriptor, path) && !strcmp(path, watched_directory())) call = DIRECTORY_SYNC;
        } else if (S_ISREG(status.st_mode) && path_of(descriptor, path) && (name = counted_name(path))) {
            call = is_journal(name) ? (is_flush ? JOURNAL_SYNC : JOURNAL_WRITE) : (is_flush ? FILE_SYNC : FILE_WRITE);
        }
    }
    errno = error;
    return call;
}

#define BEGIN(call) \
    pthread_mutex_lock(&turn); \
    struct fate fate = meet(call); \
    carry_out(call, fate, false)

#define END(call) \
    do { \
        int error = errno; \
        carry_out(call, fate, true); \
        pthread_mutex_unlock(&turn); \
        errno = error; \
    } while (0)

static int fail(struct fate fate) {
    pthread_mutex_unlock(&turn);
    errno = fate.error;
    return -1;
}

/* A write to a file, remembered until it is flushed. */
static ssize_t write_file(enum call call, int descriptor, const void *bytes, size_t count, off_t offset, bool moves) {
    BEGIN(call);
    if (fate.action == FAIL) return fail(fate);
    if (fate.action == SHORTEN && count > 1) count /= 2;
    struct stat status;
    if (fstat(descriptor, &status) != 0) abort();
    size_t old_count = 0;
    if (offset < status.st_size) {
        off_t there = status.st_size - offset;
        old_count = there < (off_t)count ? (size_t)there : count;
    }
    uint8_t *old = malloc(old_count ? old_count : 1);
    if (!old || (old_count && real_pread(descriptor, old, old_count, offset) != (ssize_t)old_count)) abort();
    ssize_t written = moves ? real_write(descriptor, bytes, count) : real_pwrite(descriptor, bytes, count, offset);
    if (written > 0)
        note_write(
            descriptor, offset, bytes, (size_t)written, old, old_count < (size_t)written ? old_count : (size_t)written, status.st_size
        );
    free(old);
    END(call);
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    enum call call = class_of(descriptor, false);
    if (call == NOTHING || call == SEND) return real_pwrite(descriptor, bytes, count, offset);
    return write_file(call, descriptor, bytes, count, offset, false);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

/* Bytes for a socket; `made` is the call itself. */
#define SENDING(made) ({ \
    BEGIN(SEND); \
    if (fate.action == FAIL) return fail(fate); \
    ssize_t sent = (made); \
    END(SEND); \
    sent; \
})

ssize_t write(int descriptor, const void *bytes, size_t count) {
    enum call call = class_of(descriptor, false);
    if (call == NOTHING) return real_write(descriptor, bytes, count);
    if (call == SEND) return SENDING(real_write(descriptor, bytes, count));
    return write_file(call, descriptor, bytes, count, lseek(descriptor, 0, SEEK_CUR), true);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    if (class_of(descriptor, false) != SEND) return REAL(writev)(descriptor, parts, count);
    return SENDING(REAL(writev)(descriptor, parts, count));
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    if (class_of(descriptor, false) != SEND) return REAL(send)(descriptor, bytes, count, flags);
    return SENDING(REAL(send)(descriptor, bytes, count, flags));
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    if (class_of(descriptor, false) != SEND) return REAL(sendmsg)(descriptor, message, flags);
    return SENDING(REAL(sendmsg)(descriptor, message, flags));
}

static int change_length(int descriptor, off_t length) {
    enum call call = class_of(descriptor, false);
    if (call == NOTHING || call == SEND) return real_ftruncate(descriptor, length);
    BEGIN(call);
    if (fate.action == FAIL) return fail(fate);
    struct stat status;
    if (fstat(descriptor, &status) != 0) abort();
    note_length(descriptor, length, status.st_size);
    int result = real_ftruncate(descriptor, length);
    END(call);
    return result;
}

int ftruncate(int descriptor, off_t length) { return change_length(descriptor, length); }
int ftruncate64(int descriptor, off64_t length) { return change_length(descriptor, length); }

static int flush(int descriptor, int (*made)(int)) {
    enum call call = class_of(descriptor, true);
    if (call == NOTHING) return made(descriptor);
    BEGIN(call);
    if (fate.action == FAIL) {
        if (call != DIRECTORY_SYNC) lose(descriptor);
        return fail(fate);
    }
    int result = made(descriptor);
    if (result == 0 && call == DIRECTORY_SYNC) note_directory_flushed();
    if (result == 0 && call != DIRECTORY_SYNC) note_flushed(descriptor);
    END(call);
    return result;
}

int fsync(int descriptor) { return flush(descriptor, REAL(fsync)); }
int fdatasync(int descriptor) { return flush(descriptor, REAL(fdatasync)); }

/* The absolute path of an entry of the watched directory; the nodes under test are started with absolute paths. */
static const char *entry_named(const char *path) { return *path == '/' ? counted_name(path) : NULL; }

static uint8_t *content_of(const char *path, size_t *count, bool *exists) {
    *count = 0;
    int descriptor = real_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    struct stat status;
    *exists = descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    uint8_t *content = malloc(*exists ? (size_t)status.st_size + 1 : 1);
    if (!content) abort();
    if (*exists) {
        ssize_t length = real_pread(descriptor, content, (size_t)status.st_size, 0);
        *count = length > 0 ? (size_t)length : 0;
    }
    if (descriptor >= 0) close(descriptor);
    return content;
}

int rename(const char *from, const char *to) {
    const char *name = entry_named(from), *target = entry_named(to);
    if (!name || !target) return real_rename(from, to);
    BEGIN(ENTRY);
    if (fate.action == FAIL) return fail(fate);
    size_t count;
    bool existed;
    uint8_t *replaced = content_of(to, &count, &existed);
    int result = real_rename(from, to);
    if (result == 0) note_renamed(name, target, replaced, count, existed);
    free(replaced);
    END(ENTRY);
    return result;
}

int unlink(const char *path) {
    const char *name = entry_named(path);
    struct stat status;
    if (!name || lstat(path, &status) != 0 || !S_ISREG(status.st_mode)) return real_unlink(path);
    BEGIN(ENTRY);
    if (fate.action == FAIL) return fail(fate);
    size_t count;
    bool existed;
    uint8_t *content = content_of(path, &count, &existed);
    int result = real_unlink(path);
    if (result == 0) note_removed(name, content, count);
    free(content);
    END(ENTRY);
    return result;
}

static int open_file(const char *path, int flags, mode_t mode) {
    const char *name = (flags & O_CREAT) ? entry_named(path) : NULL;
    struct stat status;
    if (!name || lstat(path, &status) == 0) return real_open(path, flags, mode);
    BEGIN(ENTRY);
    if (fate.action == FAIL) return fail(fate);
    int descriptor = real_open(path, flags, mode);
    if (descriptor >= 0) note_created(name);
    END(ENTRY);
    return descriptor;
}

static mode_t mode_in(va_list list, int flags) {
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? (mode_t)va_arg(list, int) : 0;
}

#define OPENING(...) \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = mode_in(list, flags); \
    va_end(list); \
    return __VA_ARGS__

int open(const char *path, int flags, ...) { OPENING(open_file(path, flags, mode)); }
int open64(const char *path, int flags, ...) { OPENING(open_file(path, flags | O_LARGEFILE, mode)); }
int openat(int directory, const char *path, int flags, ...) {
    OPENING(*path == '/' ? open_file(path, flags, mode) : REAL(openat)(directory, path, flags, mode));
}
int openat64(int directory, const char *path, int flags, ...) {
    OPENING(*path == '/' ? open_file(path, flags, mode) : REAL(openat64)(directory, path, flags, mode));
}
