/*
 * parasol-bench: the engine behind the command line that the harnesses of
 * other engines have (bench/README.md), through the public interface only.
 * What its verbs share: arguments, modes, files of queries, one timed search.
 */
#ifndef PARASOL_BENCH_HARNESS_HARNESS_H
#define PARASOL_BENCH_HARNESS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <parasol/parasol.h>

/* ---- arguments ---------------------------------------------------------- */

/* An option of a verb: with a value, or a flag. Filled by bench_args. */
typedef struct bench_option {
    const char *name;
    const char **value; /* set to its value, if not NULL */
    bool *flag;         /* set to true, if not NULL */
} bench_option;

/* Takes `argv` apart: exactly `plain_n` plain arguments and any of `options`
   in any order. False, after saying so and printing `usage`, for anything
   else. */
bool bench_args(int argc, char **argv, const char *usage, const char **plain,
                size_t plain_n, const bench_option *options, size_t option_n);

/* `text` as a number, or `otherwise` if it is NULL. False, after a message,
   if it is not a number of at most `most`. */
bool bench_number(uint64_t *out, const char *text, uint64_t otherwise,
                  uint64_t most);

/* Prints "parasol-bench: what: message" to stderr; returns 1. */
int bench_fail(const char *what, const parasol_error *err);

/* ---- what is asked ------------------------------------------------------ */

typedef struct bench_mode {
    const char *name;
    size_t limit;
    int total; /* whether every match is counted */
} bench_mode;

/* The mode called `name`, or NULL. */
const bench_mode *bench_mode_find(const char *name);

/* A line `tags<TAB>text` of a file of queries or topics. */
typedef struct bench_query {
    char *tags;
    char *text;
    double best; /* shortest time so far, in microseconds */
    long long hits;
    uint64_t digest;
} bench_query;

typedef struct bench_queries {
    bench_query *v;
    size_t n;
} bench_queries;

/* Reads a file; lines without a tab are left out. False, after a message, if
   it cannot be read. Release what was read in both cases. */
bool bench_queries_read(bench_queries *q, const char *path);
void bench_queries_release(bench_queries *q);

/* ---- one search --------------------------------------------------------- */

/* Microseconds of a clock that only grows. */
double bench_now(void);

/* A search with its result, until it is released. */
typedef struct bench_search {
    parasol_query *query;
    parasol_result *result;
    double us;      /* parsing and searching */
    long long hits; /* matches if the mode counts, else hits returned */
} bench_search;

/* Parses and searches. Release it whatever the outcome. */
int bench_search_run(bench_search *b, parasol_searcher *s, const char *text,
                     const bench_mode *m, bool exhaustive, parasol_error *err);
void bench_search_release(bench_search *b);

/* ---- verbs: the arguments behind the verb; an exit status --------------- */

int bench_run_index(int argc, char **argv);
int bench_run_query(int argc, char **argv);
int bench_run_batch(int argc, char **argv);
int bench_run_serve(int argc, char **argv);

#endif
