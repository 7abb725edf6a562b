/* parasol-bench batch: a TREC run of topics, each the disjunction of its
   words. */
#include <ctype.h>
#include <stdio.h>

#include "bench/harness/harness.h"

static const char usage[] =
    "parasol-bench batch DIR TOPICS.tsv RUN.trec [--k K]";

/* The words of a topic and nothing that the query language would read. */
static void plain_words(char *text)
{
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < 128 && !isalnum((unsigned char)*p))
            *p = ' ';
        else
            *p = (char)tolower((unsigned char)*p);
    }
}

static int run_topic(parasol_searcher *s, FILE *out, const bench_query *topic,
                     const bench_mode *m, parasol_error *err)
{
    bench_search b;
    plain_words(topic->text);
    int rc = bench_search_run(&b, s, topic->text, m, false, err);
    for (size_t i = 0; !rc && i < parasol_result_count(b.result); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        rc = parasol_result_hit(b.result, i, &hit, err);
        if (!rc)
            fprintf(out, "%s Q0 %s %zu %.9f parasol\n", topic->tags,
                    hit.path.ptr, i + 1, hit.score);
    }
    bench_search_release(&b);
    return rc;
}

int bench_run_batch(int argc, char **argv)
{
    const char *plain[3], *k_text = NULL;
    const bench_option options[] = {{"--k", &k_text, NULL}};
    uint64_t k;
    if (!bench_args(argc, argv, usage, plain, 3, options, 1) ||
        !bench_number(&k, k_text, 1000, 1000000))
        return 2;
    const bench_mode m = {"batch", (size_t)k, 0};
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    bench_queries q;
    bool ok = bench_queries_read(&q, plain[1]);
    FILE *out = ok ? fopen(plain[2], "wb") : NULL;
    if (!out) {
        if (ok)
            fprintf(stderr, "parasol-bench: %s: cannot be written\n", plain[2]);
        bench_queries_release(&q);
        return 1;
    }
    int rc = parasol_searcher_open(&s, plain[0], NULL, &err);
    for (size_t i = 0; i < q.n && !rc; i++)
        rc = run_topic(s, out, &q.v[i], &m, &err);
    parasol_searcher_close(s);
    bench_queries_release(&q);
    bool written = !ferror(out);
    written = fclose(out) == 0 && written;
    if (rc)
        return bench_fail("batch", &err);
    if (!written)
        fprintf(stderr, "parasol-bench: %s: not written whole\n", plain[2]);
    return written ? 0 : 1;
}
