/*
 * What was written and not flushed, and what a power cut leaves of it.
 *
 * A file that was flushed keeps what it had then; of what came later any part may be there: nothing, the first writes, some writes, or
 * some of their sectors. Entries of the directory are lost from the last one backwards, as a file system with a log loses them.
 */
#define _GNU_SOURCE
#include "calls.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512 };

struct change {
    bool is_length;
    off_t offset;      /* of a write, or the new length */
    size_t count;      /* bytes written */
    uint8_t *bytes;
    size_t old_count;  /* bytes that were there before and are gone */
    uint8_t *old;
    off_t size;        /* of the file before */
};

struct file {
    dev_t device;
    ino_t number;
    int descriptor;    /* never closed: that would drop the locks of the process on the file */
    struct change *changes;
    size_t count, room;
    struct file *next;
};

struct entry {
    enum { CREATED, RENAMED, REMOVED } kind;
    char *name, *target;
    uint8_t *content;  /* of the file that was replaced or removed */
    size_t count;
    bool existed;
};

static struct file *files;
static struct entry *entries;
static size_t entry_count, entry_room;

static void *copy(const void *bytes, size_t count) {
    uint8_t *memory = malloc(count ? count : 1);
    if (!memory) abort();
    if (count) memcpy(memory, bytes, count);
    return memory;
}

static void *grow(void *memory, size_t count, size_t *room, size_t size) {
    if (count < *room) return memory;
    *room = *room ? *room * 2 : 16;
    memory = realloc(memory, *room * size);
    if (!memory) abort();
    return memory;
}

static struct file *file_of(int descriptor, bool makes_missing) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return NULL;
    for (struct file *file = files; file; file = file->next)
        if (file->device == status.st_dev && file->number == status.st_ino) return file;
    if (!makes_missing) return NULL;
    struct file *file = calloc(1, sizeof *file);
    if (!file) abort();
    file->device = status.st_dev;
    file->number = status.st_ino;
    file->descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (file->descriptor < 0) abort();
    file->next = files;
    return files = file;
}

static struct change *add_change(int descriptor) {
    struct file *file = file_of(descriptor, true);
    if (!file) abort();
    file->changes = grow(file->changes, file->count, &file->room, sizeof *file->changes);
    struct change *change = &file->changes[file->count++];
    memset(change, 0, sizeof *change);
    return change;
}

void note_write(int descriptor, off_t offset, const void *bytes, size_t count, const void *old, size_t old_count, off_t size) {
    struct change *change = add_change(descriptor);
    change->offset = offset;
    change->count = count;
    change->bytes = copy(bytes, count);
    change->old_count = old_count;
    change->old = copy(old, old_count);
    change->size = size;
}

void note_length(int descriptor, off_t length, off_t size) {
    struct change *change = add_change(descriptor);
    change->is_length = true;
    change->offset = length;
    change->size = size;
    if (length >= size) return;
    change->old_count = (size_t)(size - length);
    change->old = malloc(change->old_count);
    if (!change->old || real_pread(descriptor, change->old, change->old_count, length) != (ssize_t)change->old_count) abort();
}

static void forget(struct file *file) {
    for (size_t index = 0; index < file->count; index++) {
        free(file->changes[index].bytes);
        free(file->changes[index].old);
    }
    file->count = 0;
}

void note_flushed(int descriptor) {
    struct file *file = file_of(descriptor, false);
    if (file) forget(file);
}

static struct entry *add_entry(const char *name, const char *target, const void *content, size_t count, bool existed) {
    entries = grow(entries, entry_count, &entry_room, sizeof *entries);
    struct entry *entry = &entries[entry_count++];
    memset(entry, 0, sizeof *entry);
    entry->name = strdup(name);
    entry->target = target ? strdup(target) : NULL;
    entry->content = copy(content, count);
    entry->count = count;
    entry->existed = existed;
    return entry;
}

void note_created(const char *name) { add_entry(name, NULL, NULL, 0, false)->kind = CREATED; }

void note_renamed(const char *from, const char *to, const void *replaced, size_t count, bool existed) {
    add_entry(from, to, replaced, count, existed)->kind = RENAMED;
}

void note_removed(const char *name, const void *content, size_t count) {
    add_entry(name, NULL, content, count, true)->kind = REMOVED;
}

void note_directory_flushed(void) {
    for (size_t index = 0; index < entry_count; index++) {
        free(entries[index].name);
        free(entries[index].target);
        free(entries[index].content);
    }
    entry_count = 0;
}

static void write_all(int descriptor, const uint8_t *bytes, size_t count, off_t offset) {
    while (count > 0) {
        ssize_t written = real_pwrite(descriptor, bytes, count, offset);
        if (written <= 0) abort();
        bytes += written;
        count -= (size_t)written;
        offset += written;
    }
}

static void take_back(struct file *file) {
    for (size_t index = file->count; index-- > 0;) {
        struct change *change = &file->changes[index];
        if (real_ftruncate(file->descriptor, change->size) != 0) abort();
        off_t offset = change->offset;
        if (change->old_count) write_all(file->descriptor, change->old, change->old_count, offset);
    }
}

void lose(int descriptor) {
    struct file *file = file_of(descriptor, false);
    if (!file) return;
    take_back(file);
    forget(file);
}

static uint64_t state;

static uint64_t next_random(void) {
    uint64_t mixed = state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

enum survival { LOSE_ALL, KEEP_FIRST, KEEP_SOME, KEEP_SECTORS, SURVIVALS };

static void put_sectors(int descriptor, const struct change *change) {
    off_t end = change->offset + (off_t)change->count;
    for (off_t start = change->offset; start < end;) {
        off_t stop = (start / SECTOR + 1) * SECTOR;
        if (stop > end) stop = end;
        if (next_random() & 1) write_all(descriptor, change->bytes + (start - change->offset), (size_t)(stop - start), start);
        start = stop;
    }
}

static void put_some(struct file *file, enum survival survival) {
    size_t first = file->count ? next_random() % (file->count + 1) : 0;
    off_t longest = 0;
    for (size_t index = 0; index < file->count; index++) {
        struct change *change = &file->changes[index];
        bool is_kept = survival == KEEP_FIRST ? index < first : (next_random() & 1);
        if (change->is_length) {
            if (is_kept && real_ftruncate(file->descriptor, change->offset) != 0) abort();
            continue;
        }
        off_t end = change->offset + (off_t)change->count;
        if (end > longest) longest = end;
        if (survival == KEEP_SECTORS) put_sectors(file->descriptor, change);
        else if (is_kept) write_all(file->descriptor, change->bytes, change->count, change->offset);
    }
    /* The length of a file may survive although what was written there does not. */
    struct stat status;
    if (survival != KEEP_FIRST && (next_random() & 1) && fstat(file->descriptor, &status) == 0 && status.st_size < longest)
        if (real_ftruncate(file->descriptor, longest) != 0) abort();
}

static void restore_content(const char *path, const struct entry *entry) {
    int descriptor = real_open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) abort();
    write_all(descriptor, entry->content, entry->count, 0);
}

static void take_back_entries(size_t kept) {
    for (size_t index = entry_count; index-- > kept;) {
        struct entry *entry = &entries[index];
        char path[PATH_MAX], target[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", watched_directory(), entry->name);
        snprintf(target, sizeof target, "%s/%s", watched_directory(), entry->target ? entry->target : "");
        switch (entry->kind) {
        case CREATED: real_unlink(path); break;
        case REMOVED: restore_content(path, entry); break;
        case RENAMED:
            if (real_rename(target, path) != 0) abort();
            if (entry->existed) restore_content(target, entry);
            break;
        }
    }
}

void cut_power(uint64_t seed) {
    state = seed;
    enum survival survival = (enum survival)(next_random() % SURVIVALS);
    for (struct file *file = files; file; file = file->next) {
        take_back(file);
        if (survival != LOSE_ALL) put_some(file, survival);
    }
    take_back_entries(survival == LOSE_ALL || !entry_count ? 0 : next_random() % (entry_count + 1));
}
