#ifndef LIMITS_H
#define LIMITS_H

#include <stdbool.h>

// Reads and decompresses every .gz file below a folder, or those of a list, on some threads, and does nothing with the text;
// or proves its records, and does nothing with them. Prints the bytes of text, and how many records were proven.
int gunzip(const char *place, int threads, bool and_prove);

// Writes the rows of the table `events` of a database into a file, for `insert_rows`.
int write_rows(const char *database, const char *rows);

// Makes the database anew from such a file, with the same table and the same indexes, in one loop.
// Prints the number of rows.
int insert_rows(const char *rows, const char *database);

// Runs a command and writes what it took into a file as JSON: seconds, of them user and system time, and its peak
// memory in bytes. Returns the command's exit status.
int measure(const char *figures, char **command);

// Says why something failed, by `errno`, and ends the program.
_Noreturn void stop(const char *what);

#endif
