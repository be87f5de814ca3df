#include "limits.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// The file of rows: the number of columns; the statements that make the table, then those that make its indexes, each
// with its length before it, and a length of 0 behind each of the two groups; then the cells, row by row. A cell is a
// length and a text; the length is `null_cell` for NULL and has the bit `number_cell` for an integer.
static const uint32_t null_cell = 0xFFFFFFFF;
static const uint32_t number_cell = 0x80000000;

static void check(sqlite3 *database, int result) {
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
    fprintf(stderr, "SQLite: %s\n", sqlite3_errmsg(database));
    exit(1);
}

static void run(sqlite3 *database, const char *sql) {
    check(database, sqlite3_exec(database, sql, NULL, NULL, NULL));
}

static void put(FILE *file, uint32_t length, const void *bytes) {
    fwrite(&length, sizeof length, 1, file);
    if (bytes) fwrite(bytes, 1, length & ~number_cell, file);
}

static void put_schema(sqlite3 *database, const char *kind, FILE *file) {
    sqlite3_stmt *statement;
    const char *sql = "SELECT sql FROM sqlite_master WHERE type = ? AND sql NOT NULL";
    check(database, sqlite3_prepare_v2(database, sql, -1, &statement, NULL));
    sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW)
        put(file, (uint32_t)sqlite3_column_bytes(statement, 0), sqlite3_column_text(statement, 0));
    put(file, 0, NULL);
    sqlite3_finalize(statement);
}

int write_rows(const char *database_path, const char *rows) {
    sqlite3 *database;
    check(NULL, sqlite3_open_v2(database_path, &database, SQLITE_OPEN_READONLY, NULL));
    FILE *file = fopen(rows, "wb");
    if (!file) stop(rows);
    sqlite3_stmt *statement;
    check(database, sqlite3_prepare_v2(database, "SELECT * FROM events", -1, &statement, NULL));
    uint32_t columns = (uint32_t)sqlite3_column_count(statement);
    fwrite(&columns, sizeof columns, 1, file);
    put_schema(database, "table", file);
    put_schema(database, "index", file);
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int column = 0; column < (int)columns; column++) {
            int type = sqlite3_column_type(statement, column);
            const void *text = sqlite3_column_text(statement, column);
            uint32_t length = (uint32_t)sqlite3_column_bytes(statement, column);
            put(file, type == SQLITE_NULL ? null_cell : type == SQLITE_INTEGER ? length | number_cell : length,
                type == SQLITE_NULL ? NULL : text);
        }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    if (fclose(file)) stop(rows);
    return 0;
}

static uint32_t take_length(const char **cursor) {
    uint32_t length;
    memcpy(&length, *cursor, sizeof length);
    *cursor += sizeof length;
    return length;
}

static void run_group(sqlite3 *database, const char **cursor) {
    for (uint32_t length; (length = take_length(cursor)); *cursor += length) {
        char *sql = strndup(*cursor, length);
        run(database, sql);
        free(sql);
    }
}

static void skip_group(const char **cursor) {
    for (uint32_t length; (length = take_length(cursor));) *cursor += length;
}

int insert_rows(const char *rows, const char *database_path) {
    int file = open(rows, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status)) stop(rows);
    const char *start = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (start == MAP_FAILED) stop(rows);
    const char *end = start + status.st_size;
    const char *cursor = start;

    sqlite3 *database;
    remove(database_path);
    check(NULL, sqlite3_open(database_path, &database));
    run(database, "PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                  "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-16384");
    int columns = (int)take_length(&cursor);
    run(database, "BEGIN");
    run_group(database, &cursor);
    const char *indexes = cursor;
    skip_group(&cursor);
    char insert[8192] = "INSERT INTO events VALUES (?";
    for (int column = 1; column < columns; column++) strcat(insert, ",?");
    strcat(insert, ")");
    sqlite3_stmt *statement;
    check(database, sqlite3_prepare_v2(database, insert, -1, &statement, NULL));
    size_t count = 0;
    for (; cursor < end; count++) {
        for (int column = 1; column <= columns; column++) {
            uint32_t length = take_length(&cursor);
            if (length == null_cell) {
                sqlite3_bind_null(statement, column);
                continue;
            }
            uint32_t bytes = length & ~number_cell;
            if (length & number_cell)
                sqlite3_bind_int64(statement, column, strtoll(cursor, NULL, 10));
            else
                sqlite3_bind_text(statement, column, cursor, (int)bytes, SQLITE_STATIC);
            cursor += bytes;
        }
        check(database, sqlite3_step(statement));
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    run_group(database, &indexes);
    run(database, "COMMIT");
    sqlite3_close(database);
    printf("%zu\n", count);
    return 0;
}
