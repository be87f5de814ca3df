#include "limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

// A child's peak memory begins with that of the program that started it, so a small one has to start it.
int measure(const char *figures, char **command) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = vfork();
    if (child < 0) stop("vfork");
    if (!child) {
        execvp(command[0], command);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child) stop("wait4");
    clock_gettime(CLOCK_MONOTONIC, &end);
    FILE *file = fopen(figures, "w");
    if (!file) stop(figures);
#ifdef __APPLE__
    long peak = usage.ru_maxrss;
#else
    long peak = usage.ru_maxrss * 1024;
#endif
    fprintf(file, "{\"seconds\":%.6f,\"user\":%.6f,\"system\":%.6f,\"peak\":%ld}\n",
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
        seconds(usage.ru_utime), seconds(usage.ru_stime), peak);
    if (fclose(file)) stop(figures);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
