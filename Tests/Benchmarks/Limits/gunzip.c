#include "limits.h"

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

static int by_name(const FTSENT **left, const FTSENT **right) {
    return strcmp((*left)->fts_name, (*right)->fts_name);
}

static void list(const char *folder) {
    char *const roots[] = {(char *)folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, by_name);
    if (!walk) stop(folder);
    size_t room = 0;
    for (FTSENT *entry; (entry = fts_read(walk));) {
        size_t length = entry->fts_namelen;
        if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP) continue;
        if (length < 3 || strcmp(entry->fts_name + length - 3, ".gz")) continue;
        if (path_count == room) {
            room = room ? room * 2 : 1024;
            paths = realloc(paths, room * sizeof *paths);
            if (!paths) stop("memory");
        }
        paths[path_count++] = strdup(entry->fts_path);
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
    size_t sum = 0;
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
        text = grown(text, &text_room, text_size);
        size_t written;
        if (libdeflate_gzip_decompress(decompressor, stored, size, text, text_room, &written)) stop(paths[index]);
        sum += written;
    }
    libdeflate_free_decompressor(decompressor);
    free(stored);
    free(text);
    atomic_fetch_add(&text_bytes, sum);
    return unused;
}

int gunzip(const char *folder, int threads) {
    list(folder);
    pthread_t others[256];
    if (threads < 1 || threads > 256) threads = 1;
    for (int index = 1; index < threads; index++)
        if (pthread_create(&others[index], NULL, work, NULL)) stop("thread");
    work(NULL);
    for (int index = 1; index < threads; index++) pthread_join(others[index], NULL);
    printf("%zu\n", (size_t)text_bytes);
    return 0;
}
