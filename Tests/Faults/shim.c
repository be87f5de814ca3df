/* Stands between a program and the system: counts, fails, shortens, stops or records its calls on what is below a folder.

       FAULTS_ROOT=/folder   which calls: on paths below it, links resolved, and on descriptors of what is below it
       FAULTS_CALLS=a,b      of these only those with these names; all when it is missing
       FAULTS_DO=fail:N:E    call N fails with error number E, once, and does nothing
                 short:N     call N reads or writes half of what was asked for
                 kill:N      the process is killed before call N
                 stop:N      the process is stopped before call N, until somebody continues it
                 record      every change is written down, with its data
       FAULTS_OUT=/file      where changes are written down; without `record` the number and name of each call
       FAULTS_MEMORY=/fifo   whoever reads it is told how many bytes the program has allocated and not given back
       FAULTS_CLOCK=1        the clock of the wall jumps a day ahead, or back, whenever somebody looks

   There is one count for all threads. Changes are made one at a time, so that the record has the order of the disk. Files
   are known by their inodes: what is written through one descriptor is synced through another. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { GO, FAIL, SHORTEN };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[4096], calls[1024], action[32];
static long target, count;
static int number, out = -1, recording, clock_jumps;

static void *tell_memory(void *fifo) {
    sigset_t signals;
    sigfillset(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* a reader that is gone, and signals that are for the program */
    for (;;) {
        int reader = syscall(SYS_openat, AT_FDCWD, fifo, O_WRONLY | O_CLOEXEC);
        struct mallinfo2 memory = mallinfo2();
        char line[64];
        int length = snprintf(line, sizeof line, "%zu\n", memory.uordblks + memory.hblkhd);
        if (reader < 0) return NULL;
        syscall(SYS_write, reader, line, length);
        close(reader);
    }
}

__attribute__((constructor)) static void begin(void) {
    pthread_t teller;
    const char *text;
    unsetenv("LD_PRELOAD"); /* the programs that it starts are left alone */
    if ((text = getenv("FAULTS_ROOT"))) snprintf(root, sizeof root, "%s", text);
    if ((text = getenv("FAULTS_CALLS"))) snprintf(calls, sizeof calls, ",%s,", text);
    if ((text = getenv("FAULTS_DO"))) sscanf(text, "%31[a-z]:%ld:%d", action, &target, &number);
    if ((text = getenv("FAULTS_OUT"))) out = syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    recording = !strcmp(action, "record");
    clock_jumps = getenv("FAULTS_CLOCK") != NULL;
    if ((text = getenv("FAULTS_MEMORY"))) pthread_create(&teller, NULL, tell_memory, (void *)text);
}

/* Which calls are looked at */

static int is_below(const char *path) {
    size_t length = strlen(root);
    return length && !strncmp(path, root, length) && (path[length] == '/' || !path[length]);
}

static int descriptor_path(int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, 4095);
    path[length < 0 ? 0 : length] = 0;
    return length >= 0;
}

static int is_open_below(int descriptor) {
    char path[4096];
    int before = errno, below = root[0] && descriptor_path(descriptor, path) && is_below(path);
    errno = before;
    return below;
}

/* Finds out where a path leads, links of its folder resolved; false when that is not below the root. */
static int find(int folder, const char *path, char *result) {
    char whole[8200], above[4096];
    int before = errno, found = 0;
    above[0] = 0;
    if (root[0] && (path[0] == '/' || (folder == AT_FDCWD ? getcwd(above, sizeof above) != NULL : descriptor_path(folder, above)))) {
        snprintf(whole, sizeof whole, "%s/%s", above, path);
        char *slash = strrchr(whole, '/');
        *slash = 0;
        if (realpath(whole[0] ? whole : "/", above)) {
            snprintf(result, 8200, "%s/%s", strcmp(above, "/") ? above : "", slash + 1);
            found = is_below(result);
        }
    }
    errno = before;
    return found;
}

/* What is done with them */

static void put(const void *bytes, size_t size) {
    if (out >= 0) syscall(SYS_write, out, bytes, size);
}

static void say(const char *format, ...) {
    char line[17000];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    put(line, length);
}

static int enter(const char *name, int below) {
    char listed[64];
    snprintf(listed, sizeof listed, ",%s,", name);
    if (!below || recording || (calls[0] && !strstr(calls, listed))) return GO;
    pthread_mutex_lock(&lock);
    int is_target = ++count == target;
    say("%ld %s\n", count, name);
    pthread_mutex_unlock(&lock);
    if (!is_target) return GO;
    if (!strcmp(action, "kill")) raise(SIGKILL);
    if (!strcmp(action, "stop")) raise(SIGSTOP);
    if (!strcmp(action, "short")) return SHORTEN;
    if (strcmp(action, "fail")) return GO;
    errno = number;
    return FAIL;
}

static unsigned long inode(int descriptor) {
    struct stat status;
    return syscall(SYS_fstat, descriptor, &status) ? 0 : status.st_ino;
}

/* Makes a change, and says so when it succeeds: what is said is made of paths, a NULL for a number. */
#define CHANGE(call, ...) ({ \
    if (recording) pthread_mutex_lock(&lock); \
    long result = (call); \
    if (recording && result >= 0) { int before = errno; say(__VA_ARGS__); errno = before; } \
    if (recording) pthread_mutex_unlock(&lock); \
    result; })

/* The calls */

static int open_at(const char *name, int folder, const char *path, int flags, int mode) {
    char place[8200];
    struct stat status;
    int below = find(folder, path, place);
    if (enter(name, below) == FAIL) return -1;
    if (!below || !recording) return syscall(SYS_openat, folder, path, flags, mode);
    pthread_mutex_lock(&lock);
    int is_new = (flags & O_CREAT) && syscall(SYS_newfstatat, folder, path, &status, AT_SYMLINK_NOFOLLOW);
    int opened = syscall(SYS_openat, folder, path, flags, mode), before = errno;
    if (opened >= 0 && is_new) say("create\t%lu\t%s\n", inode(opened), place);
    if (opened >= 0 && !is_new && (flags & O_TRUNC)) say("truncate\t%lu\t0\n", inode(opened));
    pthread_mutex_unlock(&lock);
    errno = before;
    return opened;
}

#define MODE(flags) ({ va_list list; va_start(list, flags); int mode = (flags) & O_CREAT ? va_arg(list, int) : 0; va_end(list); mode; })
int open(const char *path, int flags, ...) { return open_at("open", AT_FDCWD, path, flags, MODE(flags)); }
int open64(const char *path, int flags, ...) { return open_at("open", AT_FDCWD, path, flags, MODE(flags)); }
int openat(int folder, const char *path, int flags, ...) { return open_at("open", folder, path, flags, MODE(flags)); }
int openat64(int folder, const char *path, int flags, ...) { return open_at("open", folder, path, flags, MODE(flags)); }

DIR *opendir(const char *path) {
    char place[8200];
    DIR *(*real)(const char *) = dlsym(RTLD_NEXT, "opendir");
    return enter("opendir", find(AT_FDCWD, path, place)) == FAIL ? NULL : real(path);
}

struct dirent *readdir(DIR *stream) {
    struct dirent *(*real)(DIR *) = dlsym(RTLD_NEXT, "readdir");
    return enter("readdir", is_open_below(dirfd(stream))) == FAIL ? NULL : real(stream);
}
struct dirent64 *readdir64(DIR *stream) { return (struct dirent64 *)readdir(stream); }

static ssize_t read_at(int descriptor, void *bytes, size_t size, off_t offset) {
    int what = enter("read", is_open_below(descriptor));
    if (what == FAIL) return -1;
    if (what == SHORTEN) size = (size + 1) / 2;
    return offset < 0 ? syscall(SYS_read, descriptor, bytes, size) : syscall(SYS_pread64, descriptor, bytes, size, offset);
}

ssize_t read(int descriptor, void *bytes, size_t size) { return read_at(descriptor, bytes, size, -1); }
ssize_t pread(int descriptor, void *bytes, size_t size, off_t offset) { return read_at(descriptor, bytes, size, offset); }
ssize_t pread64(int descriptor, void *bytes, size_t size, off_t offset) { return read_at(descriptor, bytes, size, offset); }

static ssize_t write_at(int descriptor, const void *bytes, size_t size, off_t offset) {
    int below = is_open_below(descriptor), what = enter("write", below);
    if (what == FAIL) return -1;
    if (what == SHORTEN) size = (size + 1) / 2;
    if (below && recording) pthread_mutex_lock(&lock);
    ssize_t written = offset < 0 ? syscall(SYS_write, descriptor, bytes, size) : syscall(SYS_pwrite64, descriptor, bytes, size, offset);
    int before = errno;
    if (below && recording) {
        long start = offset < 0 ? syscall(SYS_lseek, descriptor, 0, SEEK_CUR) - written : offset;
        if (written > 0) say("write\t%lu\t%ld\t%zd\n", inode(descriptor), start, written), put(bytes, written);
        pthread_mutex_unlock(&lock);
    }
    errno = before;
    return written;
}

ssize_t write(int descriptor, const void *bytes, size_t size) { return write_at(descriptor, bytes, size, -1); }
ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) { return write_at(descriptor, bytes, size, offset); }
ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off_t offset) { return write_at(descriptor, bytes, size, offset); }

/* Whoever may get less than he asked for gets the first part. */
ssize_t writev(int descriptor, const struct iovec *parts, int parts_count) {
    for (int part = 0; part < parts_count; part++)
        if (parts[part].iov_len) return write_at(descriptor, parts[part].iov_base, parts[part].iov_len, -1);
    return 0;
}

/* Whoever copies in the system has another way, which is seen. */
ssize_t copy_file_range(int in, off_t *in_offset, int to, off_t *offset, size_t size, unsigned flags) {
    if (!is_open_below(to)) return syscall(SYS_copy_file_range, in, in_offset, to, offset, size, flags);
    errno = ENOSYS;
    return -1;
}

static int truncate_to(int descriptor, off_t size) {
    if (enter("truncate", is_open_below(descriptor)) == FAIL) return -1;
    if (!is_open_below(descriptor)) return syscall(SYS_ftruncate, descriptor, size);
    return CHANGE(syscall(SYS_ftruncate, descriptor, size), "truncate\t%lu\t%ld\n", inode(descriptor), (long)size);
}
int ftruncate(int descriptor, off_t size) { return truncate_to(descriptor, size); }
int ftruncate64(int descriptor, off_t size) { return truncate_to(descriptor, size); }

static int sync_with(long call, int descriptor) {
    if (enter("sync", is_open_below(descriptor)) == FAIL) return -1;
    if (!is_open_below(descriptor)) return syscall(call, descriptor);
    return CHANGE(syscall(call, descriptor), "sync\t%lu\n", inode(descriptor));
}
int fsync(int descriptor) { return sync_with(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync_with(SYS_fdatasync, descriptor); }

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    char from_place[8200], to_place[8200];
    int below = find(from_folder, from, from_place) & find(to_folder, to, to_place);
    if (enter("rename", below) == FAIL) return -1;
    if (!below) return syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    return CHANGE(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags), "rename\t%s\t%s\n", from_place, to_place);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) { return renameat2(from_folder, from, to_folder, to, 0); }
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    char from_place[8200], to_place[8200];
    int below = find(from_folder, from, from_place) & find(to_folder, to, to_place);
    if (enter("link", below) == FAIL) return -1;
    if (!below) return syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    return CHANGE(syscall(SYS_linkat, from_folder, from, to_folder, to, flags), "link\t%s\t%s\n", from_place, to_place);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *path, int flags) {
    char place[8200];
    int below = find(folder, path, place);
    if (enter("unlink", below) == FAIL) return -1;
    if (!below) return syscall(SYS_unlinkat, folder, path, flags);
    return CHANGE(syscall(SYS_unlinkat, folder, path, flags), "unlink\t%s\n", place);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
    char place[8200];
    struct stat status = {0};
    int below = find(folder, path, place);
    if (enter("mkdir", below) == FAIL) return -1;
    if (!below) return syscall(SYS_mkdirat, folder, path, mode);
    return CHANGE(syscall(SYS_mkdirat, folder, path, mode), "mkdir\t%lu\t%s\n",
        (unsigned long)(syscall(SYS_newfstatat, folder, path, &status, 0), status.st_ino), place);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

static int status_at(int folder, const char *path, struct stat *status, int flags) {
    char place[8200];
    if (enter("stat", find(folder, path, place)) == FAIL) return -1;
    return syscall(SYS_newfstatat, folder, path, status, flags);
}
int stat(const char *path, struct stat *status) { return status_at(AT_FDCWD, path, status, 0); }
int lstat(const char *path, struct stat *status) { return status_at(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW); }
int fstatat(int folder, const char *path, struct stat *status, int flags) { return status_at(folder, path, status, flags); }
int fstat(int descriptor, struct stat *status) {
    if (enter("stat", is_open_below(descriptor)) == FAIL) return -1;
    return syscall(SYS_fstat, descriptor, status);
}
int stat64(const char *path, struct stat64 *status) { return stat(path, (struct stat *)status); }
int lstat64(const char *path, struct stat64 *status) { return lstat(path, (struct stat *)status); }
int fstat64(int descriptor, struct stat64 *status) { return fstat(descriptor, (struct stat *)status); }

/* The clock of the wall, which Dispatch's is not */

static long jump(void) {
    static long looks;
    return clock_jumps ? (__atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED) % 2 ? 86400 : -86400) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += jump();
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec time;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &time);
    *now = (struct timeval){time.tv_sec, time.tv_nsec / 1000};
    return 0;
}
