/*
 * parasol-bench query: times every query of a file and sums up by tag.
 * --digest adds a column: a hash of the hits' documents and scores, to compare
 * one way of evaluating with another.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness/harness.h"

static const char usage[] =
    "parasol-bench query DIR QUERIES.tsv "
    "TOP_10|TOP_100|TOP_1000|COUNT|TOP_10_COUNT [--repeat R] [--exhaustive] "
    "[--digest]";

/* FNV-1a over documents and scores, in order. */
static uint64_t digest(parasol_result *r)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < parasol_result_count(r); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        unsigned char raw[16];
        if (parasol_result_hit(r, i, &hit, NULL))
            return 0;
        memcpy(raw, &hit.doc, 8);
        memcpy(raw + 8, &hit.score, 8);
        for (size_t k = 0; k < sizeof raw; k++)
            h = (h ^ raw[k]) * UINT64_C(0x100000001b3);
    }
    return h;
}

/* ---- summaries ---------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool has_tag(const char *tags, const char *tag)
{
    size_t len = strlen(tag);
    for (const char *p = tags; (p = strstr(p, tag)); p += len) {
        if ((p == tags || p[-1] == ',') && (p[len] == 0 || p[len] == ','))
            return true;
    }
    return false;
}

/* `v` has room for every query. */
static void summary(const bench_queries *q, double *v, const char *mode_name,
                    const char *tag)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++) {
        if (!has_tag(q->v[i].tags, tag))
            continue;
        v[n++] = q->v[i].best;
        sum += q->v[i].best;
    }
    qsort(v, n, sizeof *v, compare_doubles);
    printf("#summary\t%s\t%s\t%zu\t%.1f\t%.1f\t%.1f\n", mode_name, tag, n,
           sum / (double)n, v[n / 2], v[n * 99 / 100]);
}

/* A summary for each tag where it appears first. */
static void summaries(const bench_queries *q, const char *mode_name)
{
    double *v = malloc((q->n + 1) * sizeof *v);
    for (size_t i = 0; v && i < q->n; i++) {
        const char *p = q->v[i].tags;
        while (*p) {
            char tag[128];
            size_t len = strcspn(p, ",");
            bool known = false;
            snprintf(tag, sizeof tag, "%.*s", (int)len, p);
            p += len + (p[len] == ',');
            for (size_t k = 0; k < i && !known; k++)
                known = has_tag(q->v[k].tags, tag);
            if (!known && has_tag(q->v[i].tags, tag))
                summary(q, v, mode_name, tag);
        }
    }
    free(v);
}

/* ---- the verb ----------------------------------------------------------- */

static int time_one(parasol_searcher *s, bench_query *q, const bench_mode *m,
                    bool exhaustive, bool want_digest, parasol_error *err)
{
    bench_search b;
    int rc = bench_search_run(&b, s, q->text, m, exhaustive, err);
    if (!rc && want_digest)
        q->digest = digest(b.result);
    q->hits = b.hits;
    if (b.us < q->best)
        q->best = b.us;
    bench_search_release(&b);
    return rc;
}

static void print(const bench_query *q, bool want_digest)
{
    printf("%s\t%s\t%.1f\t%lld", q->tags, q->text, q->best, q->hits);
    if (want_digest)
        printf("\t%016llx", (unsigned long long)q->digest);
    putchar('\n');
}

int bench_run_query(int argc, char **argv)
{
    const char *plain[3], *repeat_text = NULL;
    bool exhaustive = false, want_digest = false;
    const bench_option options[] = {{"--repeat", &repeat_text, NULL},
                                    {"--exhaustive", NULL, &exhaustive},
                                    {"--digest", NULL, &want_digest}};
    uint64_t repeat;
    bench_queries q;
    if (!bench_args(argc, argv, usage, plain, 3, options, 3) ||
        !bench_number(&repeat, repeat_text, 5, 1000000))
        return 2;
    const bench_mode *m = bench_mode_find(plain[2]);
    if (!m) {
        fprintf(stderr, "parasol-bench: %s: no such mode\n", plain[2]);
        return 2;
    }
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    if (!bench_queries_read(&q, plain[1])) {
        bench_queries_release(&q);
        return 1;
    }
    int rc = parasol_searcher_open(&s, plain[0], NULL, &err);
    for (uint64_t r = 0; r <= repeat && !rc; r++) {
        for (size_t i = 0; i < q.n && !rc; i++) {
            if (r == 1)
                q.v[i].best = 1e30; /* the first round only warms up */
            rc = time_one(s, &q.v[i], m, exhaustive, want_digest, &err);
        }
    }
    for (size_t i = 0; i < q.n && !rc; i++)
        print(&q.v[i], want_digest);
    if (!rc)
        summaries(&q, m->name);
    parasol_searcher_close(s);
    bench_queries_release(&q);
    return rc ? bench_fail("query", &err) : 0;
}
