// What the libraries alone take for work that mhpipe does with them, and what any command takes; for `make bench`.
#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void stop(const char *what) {
    perror(what);
    exit(1);
}

int main(int count, char **arguments) {
    if (count == 4 && !strcmp(arguments[1], "gunzip")) return gunzip(arguments[2], atoi(arguments[3]), false);
    if (count == 4 && !strcmp(arguments[1], "prove")) return gunzip(arguments[2], atoi(arguments[3]), true);
    if (count == 4 && !strcmp(arguments[1], "rows")) return write_rows(arguments[2], arguments[3]);
    if (count == 4 && !strcmp(arguments[1], "insert")) return insert_rows(arguments[2], arguments[3]);
    if (count > 3 && !strcmp(arguments[1], "measure")) return measure(arguments[2], arguments + 3);
    fputs("usage: mhpipe-limits gunzip|prove FOLDER|LIST THREADS | rows DATABASE ROWS | insert ROWS DATABASE |"
          " measure FIGURES COMMAND ...\n", stderr);
    return 2;
}
