#include "limits.h"
#include "prove.h"

#include <fcntl.h>
#include <fts.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char **paths;
static size_t path_count;
static atomic_size_t next_path;
static atomic_size_t text_bytes;
static atomic_size_t records;
static bool proves;

static int by_name(const FTSENT **left, const FTSENT **right) {
    return strcmp((*left)->fts_name, (*right)->fts_name);
}

static void add(const char *path) {
    static size_t room;
    if (path_count == room) {
        room = room ? room * 2 : 1024;
        paths = realloc(paths, room * sizeof *paths);
        if (!paths) stop("memory");
    }
    paths[path_count] = strdup(path);
    if (!paths[path_count++]) stop("memory");
}

// Adds what a list of `mhpipe list` names: a path in each line, up to its tab.
static void add_listed(const char *name) {
    FILE *file = fopen(name, "r");
    if (!file) stop(name);
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\t\n")] = 0;
        add(line);
    }
    free(line);
    fclose(file);
}

static void add_folder(const char *folder) {
    char *const roots[] = {(char *)folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, by_name);
    if (!walk) stop(folder);
    for (FTSENT *entry; (entry = fts_read(walk));) {
        size_t length = entry->fts_namelen;
        if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP) continue;
        if (length < 3 || strcmp(entry->fts_name + length - 3, ".gz")) continue;
        add(entry->fts_path);
    }
    fts_close(walk);
}

// Returns room for at least so many bytes; what was in it is gone.
static char *grown(char *buffer, size_t *room, size_t needed) {
    if (needed <= *room) return buffer;
    free(buffer);
    *room = needed;
    buffer = malloc(needed);
    if (!buffer) stop("memory");
    return buffer;
}

static void *work(void *unused) {
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    if (!decompressor) stop("memory");
    size_t stored_room = 0, text_room = 0;
    char *stored = grown(NULL, &stored_room, 1 << 20);
    char *text = grown(NULL, &text_room, 8 << 20);
    size_t sum = 0, proven = 0;
    for (size_t index; (index = atomic_fetch_add(&next_path, 1)) < path_count;) {
        int file = open(paths[index], O_RDONLY | O_CLOEXEC);
        struct stat status;
        if (file < 0 || fstat(file, &status)) stop(paths[index]);
        size_t size = (size_t)status.st_size;
        stored = grown(stored, &stored_room, size);
        if (read(file, stored, size) != (ssize_t)size) stop(paths[index]);
        close(file);
        uint32_t text_size; // the last four bytes, RFC 1952 section 2.3.1
        memcpy(&text_size, stored + size - 4, 4);
        text = grown(text, &text_room, text_size + PROOF_PADDING);
        size_t written;
        if (proves) {
            written = gunzip_as_mhpipe(decompressor, stored, size, text, text_room);
            if (!written) stop(paths[index]);
            proven += proven_records(text, written);
        } else if (libdeflate_gzip_decompress(decompressor, stored, size, text, text_room, &written)) {
            stop(paths[index]);
        }
        sum += written;
    }
    libdeflate_free_decompressor(decompressor);
    free(stored);
    free(text);
    atomic_fetch_add(&text_bytes, sum);
    atomic_fetch_add(&records, proven);
    return unused;
}

int gunzip(const char *place, int threads, bool and_prove) {
    proves = and_prove;
    struct stat status;
    if (stat(place, &status)) stop(place);
    if (S_ISDIR(status.st_mode)) add_folder(place); else add_listed(place);
    pthread_t others[256];
    if (threads < 1 || threads > 256) threads = 1;
    for (int index = 1; index < threads; index++)
        if (pthread_create(&others[index], NULL, work, NULL)) stop("thread");
    work(NULL);
    for (int index = 1; index < threads; index++) pthread_join(others[index], NULL);
    printf("%zu", (size_t)text_bytes);
    if (proves) printf(" %zu", (size_t)records);
    putchar('\n');
    return 0;
}
