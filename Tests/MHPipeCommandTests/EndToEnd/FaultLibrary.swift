import Libc
import MHPipeTestSupport

/// A library that is loaded before the system's, and lets calls on some paths fail with an error number.
///
/// `FAULT` is `CALL NUMBER SKIP PART`: the first SKIP calls on paths that hold PART go through. Threads are refused once there
/// is a file PART.
struct FaultLibrary {
    /// A call that can fail.
    enum Call: String, CaseIterable {
        case open
        case read
        case stat
        case opendir
        case readdir
        case fsync
        case rename
        case posix_spawn
        case pthread_create
    }

    /// Builds it; nil, with a note, where there is no compiler or no such thing as a preloaded library.
    init?(in folder: TemporaryDirectory) throws {
        #if os(Linux)
        guard let compiler = ExternalProgram("cc") else { return nil }
        let source = try folder.write(Self.source, to: "fault.c")
        let result = try compiler.run(["-shared", "-fPIC", "-o", folder.path("fault.so"), source, "-ldl"])
        guard result.status == 0 else {
            print("note: the compiler does not make a library: \(result.errors)")
            return nil
        }
        #else
        return nil
        #endif
    }

    /// What has a process meet a fault that runs in the folder; a list of libraries cannot name one with a space.
    func environment(_ call: Call, _ number: Int32, on part: String, after skipped: Int = 0) -> [String: String] {
        ["LD_PRELOAD": "./fault.so", "FAULT": "\(call.rawValue) \(number) \(skipped) \(part)"]
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <pthread.h>
        #include <spawn.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <unistd.h>

        static atomic_int calls;

        static int fails(const char *call, const char *path) {
            const char *fault = getenv("FAULT");
            char name[32], part[256];
            int number, skipped;
            if (!fault || !path || sscanf(fault, "%31s %d %d %255s", name, &number, &skipped, part) != 4) return 0;
            if (strcmp(name, call) || !strstr(path, part)) return 0;
            if (atomic_fetch_add(&calls, 1) < skipped) return 0;
            errno = number;
            return 1;
        }

        static int descriptor_fails(const char *call, int descriptor) {
            char link[64], path[4096];
            snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
            int before = errno;
            ssize_t count = readlink(link, path, sizeof path - 1);
            errno = before;
            if (count < 0) return 0;
            path[count] = 0;
            return fails(call, path);
        }

        #define NEXT(type, name) ((type) dlsym(RTLD_NEXT, name))

        #define OPEN(name) \
        int name(const char *path, int flags, ...) { \
            va_list list; va_start(list, flags); \
            int mode = va_arg(list, int); va_end(list); \
            if (!(flags & O_CREAT) && fails("open", path)) return -1; \
            return NEXT(int (*)(const char *, int, ...), #name)(path, flags, mode); \
        }
        OPEN(open)
        OPEN(open64)

        ssize_t read(int descriptor, void *buffer, size_t count) {
            if (descriptor_fails("read", descriptor)) return -1;
            return NEXT(ssize_t (*)(int, void *, size_t), "read")(descriptor, buffer, count);
        }

        typedef int spawning(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                             char *const[], char *const[]);

        int posix_spawn(pid_t *process, const char *path, const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes, char *const words[], char *const variables[]) {
            if (fails("posix_spawn", path)) return errno;
            return NEXT(spawning *, "posix_spawn")(process, path, actions, attributes, words, variables);
        }

        int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context) {
            typedef int creating(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
            const char *fault = getenv("FAULT");
            char part[256];
            int number;
            if (fault && sscanf(fault, "pthread_create %d %*d %255s", &number, part) == 2 && access(part, F_OK) == 0)
                return number;
            return NEXT(creating *, "pthread_create")(thread, attributes, body, context);
        }

        int fsync(int descriptor) {
            if (descriptor_fails("fsync", descriptor)) return -1;
            return NEXT(int (*)(int), "fsync")(descriptor);
        }

        int rename(const char *from, const char *to) {
            if (fails("rename", to)) return -1;
            return NEXT(int (*)(const char *, const char *), "rename")(from, to);
        }

        DIR *opendir(const char *path) {
            if (fails("opendir", path)) return NULL;
            return NEXT(DIR *(*)(const char *), "opendir")(path);
        }

        #define READDIR(type, name) \
        struct type *name(DIR *folder) { \
            if (descriptor_fails("readdir", dirfd(folder))) return NULL; \
            return NEXT(struct type *(*)(DIR *), #name)(folder); \
        }
        READDIR(dirent, readdir)
        READDIR(dirent64, readdir64)

        #define STAT(type, name) \
        int name(const char *path, struct type *status) { \
            if (fails("stat", path)) return -1; \
            return NEXT(int (*)(const char *, struct type *), #name)(path, status); \
        }
        STAT(stat, stat)
        STAT(stat64, stat64)
        STAT(stat, lstat)
        STAT(stat64, lstat64)

        #define FSTATAT(type, name) \
        int name(int folder, const char *path, struct type *status, int flags) { \
            if (fails("stat", path)) return -1; \
            return NEXT(int (*)(int, const char *, struct type *, int), #name)(folder, path, status, flags); \
        }
        FSTATAT(stat, fstatat)
        FSTATAT(stat64, fstatat64)
        """#
}
