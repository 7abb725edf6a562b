/*
 * Searches an index: search INDEX QUERY
 *
 *     cc search.c $(pkg-config --cflags --libs parasol) -o search
 *
 * Prints one line per hit: score, path, title.
 */
#include <stdio.h>
#include <string.h>

#include <parasol/searcher.h>

static int print_hits(parasol_result *result, parasol_error *err)
{
    for (size_t i = 0; i < parasol_result_count(result); i++) {
        /* The INIT macro tells the library which version of the struct this
           program knows. */
        parasol_hit hit = PARASOL_HIT_INIT;
        int rc = parasol_result_hit(result, i, &hit, err);
        if (rc != PARASOL_OK)
            return rc;
        /* hit.path and hit.title live as long as the result. */
        printf("%.4f  %s  %s\n", hit.score, hit.path.ptr, hit.title.ptr);
    }
    return PARASOL_OK;
}

int main(int argc, char **argv)
{
    /* Every pointer starts empty: the functions at the end accept NULL. */
    parasol_searcher *searcher = NULL;
    parasol_query *query = NULL;
    parasol_result *result = NULL;
    parasol_error err = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: search INDEX QUERY\n");
        return 2;
    }
    /* NULL options everywhere: the defaults, ten hits ranked by BM25. */
    int rc = parasol_searcher_open(&searcher, argv[1], NULL, &err);
    if (rc == PARASOL_OK)
        rc = parasol_query_parse(&query, argv[2], strlen(argv[2]), NULL, &err);
    if (rc == PARASOL_OK)
        rc = parasol_search(&result, searcher, query, NULL, &err);
    if (rc == PARASOL_OK)
        rc = print_hits(result, &err);
    if (rc != PARASOL_OK)
        fprintf(stderr, "search: %s\n", err.message);
    /* What was made last is given back first. */
    parasol_result_free(result);
    parasol_query_free(query);
    parasol_searcher_close(searcher);
    return rc == PARASOL_OK ? 0 : 1;
}
