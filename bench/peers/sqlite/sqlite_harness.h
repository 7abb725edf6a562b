/* SQLite's FTS5 behind the command line of bench/README.md; what its files
   share. */
#ifndef PARASOL_BENCH_PEERS_SQLITE_SQLITE_HARNESS_H
#define PARASOL_BENCH_PEERS_SQLITE_SQLITE_HARNESS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* Opens a database that knows the tokenizer `stems`: FTS5's own words, then
   English Snowball stems. NULL, after a message, if it cannot. */
sqlite3 *harness_open(const char *path, int flags);

/* Makes an FTS5 expression of a query of the benchmark in `out`. False if
   FTS5 has no such form (some clauses required, others only wished for), or if
   it does not fit. */
bool harness_translate(char *out, size_t room, const char *query);

/* Prints "sqlite-harness: what: ..." and returns 1. */
int harness_fail(sqlite3 *db, const char *what);

#endif
