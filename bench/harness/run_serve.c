/*
 * parasol-bench serve: a warm process that answers line by line, for long
 * comparisons and scripts. A request is `MODE<TAB>query`, its answer
 *
 *     us<TAB>hits[<TAB>id ...]      the ids of the hits, best first
 *     error<TAB>a sentence          for a mode or a query that is refused
 *
 * or with --game what the search-benchmark-game expects: the number of
 * matches where the mode counts, 1 where it does not, UNSUPPORTED for other
 * modes. Every answer is flushed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness/harness.h"

static const char usage[] =
    "parasol-bench serve DIR [--game] [--exhaustive] < REQUESTS";

static int print_hits(bench_search *b, parasol_error *err)
{
    int rc = PARASOL_OK;
    printf("%.1f\t%lld", b->us, b->hits);
    for (size_t i = 0; !rc && i < parasol_result_count(b->result); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        rc = parasol_result_hit(b->result, i, &hit, err);
        if (!rc)
            printf("\t%s", hit.path.ptr);
    }
    putchar('\n');
    return rc;
}

static int answer(parasol_searcher *s, const char *text, const bench_mode *m,
                  bool game, bool exhaustive, parasol_error *err)
{
    bench_search b;
    int rc = bench_search_run(&b, s, text, m, exhaustive, err);
    if (rc == PARASOL_QUERY) {
        printf("%s%s\n", game ? "UNSUPPORTED" : "error\t",
               game ? "" : err->message);
        rc = PARASOL_OK;
    } else if (!rc && game) {
        printf("%lld\n", m->total ? b.hits : 1);
    } else if (!rc) {
        rc = print_hits(&b, err);
    }
    bench_search_release(&b);
    return rc;
}

static int serve(parasol_searcher *s, bool game, bool exhaustive,
                 parasol_error *err)
{
    char *line = NULL;
    size_t room = 0;
    int rc = PARASOL_OK;
    while (!rc && getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        char *tab = strchr(line, '\t');
        if (tab)
            *tab = 0;
        const bench_mode *m = tab ? bench_mode_find(line) : NULL;
        if (m)
            rc = answer(s, tab + 1, m, game, exhaustive, err);
        else
            puts(game ? "UNSUPPORTED" : "error\tno mode that is known here");
        if (fflush(stdout))
            break; /* nobody listens any more */
    }
    free(line);
    return rc;
}

int bench_run_serve(int argc, char **argv)
{
    const char *plain[1];
    bool game = false, exhaustive = false;
    const bench_option options[] = {{"--game", NULL, &game},
                                    {"--exhaustive", NULL, &exhaustive}};
    if (!bench_args(argc, argv, usage, plain, 1, options, 2))
        return 2;
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    int rc = parasol_searcher_open(&s, plain[0], NULL, &err);
    if (!rc)
        rc = serve(s, game, exhaustive, &err);
    parasol_searcher_close(s);
    return rc ? bench_fail("serve", &err) : 0;
}
