/* parasol-bench: its verbs, and what they share (harness.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/harness/harness.h"

/* ---- arguments ---------------------------------------------------------- */

/* How many words of argv the option at argv[0] takes; 0: none is so called. */
static int take_option(int argc, char **argv, const bench_option *options,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(argv[0], options[i].name) != 0)
            continue;
        if (options[i].flag) {
            *options[i].flag = true;
            return 1;
        }
        if (argc < 2)
            return 0;
        *options[i].value = argv[1];
        return 2;
    }
    return 0;
}

bool bench_args(int argc, char **argv, const char *usage, const char **plain,
                size_t plain_n, const bench_option *options, size_t option_n)
{
    size_t got = 0;
    for (int i = 0; i < argc;) {
        int took = 0;
        if (strncmp(argv[i], "--", 2) == 0) {
            took = take_option(argc - i, argv + i, options, option_n);
        } else if (got < plain_n) {
            plain[got++] = argv[i];
            took = 1;
        }
        if (took == 0) {
            fprintf(stderr, "parasol-bench: %s: not understood\nusage: %s\n",
                    argv[i], usage);
            return false;
        }
        i += took;
    }
    if (got < plain_n)
        fprintf(stderr, "usage: %s\n", usage);
    return got == plain_n;
}

bool bench_number(uint64_t *out, const char *text, uint64_t otherwise,
                  uint64_t most)
{
    *out = otherwise;
    if (!text)
        return true;
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (errno == 0 && end > text && *end == 0 && text[0] != '-' && *out <= most)
        return true;
    fprintf(stderr, "parasol-bench: %s: not a number up to %llu\n", text,
            (unsigned long long)most);
    return false;
}

int bench_fail(const char *what, const parasol_error *err)
{
    fprintf(stderr, "parasol-bench: %s: %s\n", what, err->message);
    return 1;
}

/* ---- what is asked ------------------------------------------------------ */

/* The last two are the search-benchmark-game's. */
static const bench_mode modes[] = {
    {"TOP_10", 10, 0},          {"TOP_100", 100, 0},
    {"TOP_1000", 1000, 0},      {"COUNT", 0, 1},
    {"TOP_10_COUNT", 10, 1},    {"TOP_100_COUNT", 100, 1},
    {"TOP_1000_COUNT", 1000, 1}};

const bench_mode *bench_mode_find(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(name, modes[i].name) == 0)
            return &modes[i];
    }
    return NULL;
}

/* Appends a copy of the line that was cut at its tab. */
static bool append(bench_queries *q, size_t *room, const char *tags,
                   const char *text)
{
    if (q->n == *room) {
        size_t more = *room ? 2 * *room : 1024;
        bench_query *v = realloc(q->v, more * sizeof *v);
        if (!v)
            return false;
        q->v = v;
        *room = more;
    }
    bench_query *one = &q->v[q->n++];
    *one = (bench_query){strdup(tags), strdup(text), 1e30, 0, 0};
    return one->tags && one->text;
}

bool bench_queries_read(bench_queries *q, const char *path)
{
    char *line = NULL;
    size_t cap = 0, room = 0;
    bool ok = true;
    *q = (bench_queries){NULL, 0};
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "parasol-bench: %s: %s\n", path, strerror(errno));
        return false;
    }
    while (ok && getline(&line, &cap, in) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        char *tab = strchr(line, '\t');
        if (!tab)
            continue;
        *tab = 0;
        ok = append(q, &room, line, tab + 1);
    }
    if (!ok || ferror(in)) {
        fprintf(stderr, "parasol-bench: %s: cannot be read whole\n", path);
        ok = false;
    }
    free(line);
    (void)fclose(in);
    return ok;
}

void bench_queries_release(bench_queries *q)
{
    for (size_t i = 0; i < q->n; i++) {
        free(q->v[i].tags);
        free(q->v[i].text);
    }
    free(q->v);
    *q = (bench_queries){NULL, 0};
}

/* ---- one search --------------------------------------------------------- */

double bench_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int bench_search_run(bench_search *b, parasol_searcher *s, const char *text,
                     const bench_mode *m, bool exhaustive, parasol_error *err)
{
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.limit = m->limit;
    o.exact_total = m->total;
    o.exhaustive = exhaustive;
    *b = (bench_search){NULL, NULL, 0, 0};
    double start = bench_now();
    int rc = parasol_query_parse(&b->query, text, strlen(text), NULL, err);
    if (!rc)
        rc = parasol_search(&b->result, s, b->query, &o, err);
    if (!rc)
        b->hits = m->total ? (long long)parasol_result_total(b->result)
                           : (long long)parasol_result_count(b->result);
    b->us = bench_now() - start;
    return rc;
}

void bench_search_release(bench_search *b)
{
    parasol_result_free(b->result);
    parasol_query_free(b->query);
    *b = (bench_search){NULL, NULL, 0, 0};
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "index") == 0)
        return bench_run_index(argc - 2, argv + 2);
    if (strcmp(verb, "query") == 0)
        return bench_run_query(argc - 2, argv + 2);
    if (strcmp(verb, "batch") == 0)
        return bench_run_batch(argc - 2, argv + 2);
    if (strcmp(verb, "serve") == 0)
        return bench_run_serve(argc - 2, argv + 2);
    fprintf(stderr, "usage: parasol-bench index|query|batch|serve ...\n");
    return 2;
}
