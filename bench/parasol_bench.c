/*
 * parasol-bench: the engine behind the command line that the peers' harnesses
 * have (bench/README.md), through the public interface only.
 *
 *     parasol-bench index DOCS.jsonl DIR [--store] [--memory-mb M]
 *     parasol-bench query DIR QUERIES.tsv MODE [--repeat R] [--exhaustive]
 *                         [--digest]
 *     parasol-bench batch DIR TOPICS.tsv RUN.trec [--k K]
 *
 * --digest adds a column: a hash of the hits' documents and scores, to compare
 * one way of evaluating with another. MODE is TOP_10, TOP_100, TOP_1000, COUNT
 * or TOP_10_COUNT.
 */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <parasol/parasol.h>

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int die(const char *what, const parasol_error *err)
{
    fprintf(stderr, "parasol-bench: %s: %s\n", what, err->message);
    return 1;
}

static const char *option(int argc, char **argv, const char *name)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return i + 1 < argc ? argv[i + 1] : "";
    }
    return NULL;
}

/* ---- index -------------------------------------------------------------- */

static const char *text_of(const cJSON *doc, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(doc, key);
    return cJSON_IsString(item) ? item->valuestring : "";
}

/* One line of JSON; title, newline and text are one field, as the peers
   have it. */
static int add_line(parasol_indexer *w, const char *line, char **body,
                    size_t *cap, parasol_error *err)
{
    cJSON *doc = cJSON_Parse(line);
    if (!doc)
        return PARASOL_OK;
    const char *title = text_of(doc, "title"), *text = text_of(doc, "text");
    size_t need = strlen(title) + strlen(text) + 2;
    if (need > *cap) {
        *cap = 2 * need;
        free(*body);
        *body = malloc(*cap);
    }
    int rc = PARASOL_NOMEM;
    if (*body) {
        snprintf(*body, *cap, "%s\n%s", title, text);
        parasol_document d = PARASOL_DOCUMENT_INIT;
        d.id = text_of(doc, "id");
        d.text = *body;
        d.text_len = need - 1;
        rc = parasol_indexer_add(w, &d, err);
    }
    cJSON_Delete(doc);
    return rc;
}

static int run_index(int argc, char **argv)
{
    parasol_error err = {0};
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    const char *mb = option(argc, argv, "--memory-mb");
    o.store_text = option(argc, argv, "--store") != NULL;
    const char *jobs = option(argc, argv, "--jobs");
    o.jobs = jobs ? (unsigned)strtoul(jobs, NULL, 10) : 1;
    o.memory = mb ? strtoull(mb, NULL, 10) << 20 : (uint64_t)4 << 30;
    FILE *in = argc > 1 ? fopen(argv[0], "rb") : NULL;
    if (!in) {
        fprintf(stderr, "parasol-bench: cannot read the documents\n");
        return 1;
    }
    double start = now_us();
    char *line = NULL, *body = NULL;
    size_t cap = 0, body_cap = 0;
    int rc = parasol_indexer_open(&w, argv[1], &o, &err);
    while (!rc && getline(&line, &cap, in) > 0)
        rc = add_line(w, line, &body, &body_cap, &err);
    double read = now_us();
    if (!rc)
        rc = parasol_indexer_commit(w, &info, &err);
    parasol_indexer_close(w);
    fclose(in);
    free(line);
    free(body);
    if (rc)
        return die("index", &err);
    printf("docs=%llu wall=%.2fs commit=%.2fs bytes=%llu\n",
           (unsigned long long)info.documents, (now_us() - start) / 1e6,
           (now_us() - read) / 1e6, (unsigned long long)info.index_bytes);
    return 0;
}

/* ---- query -------------------------------------------------------------- */

typedef struct mode {
    const char *name;
    size_t limit;
    int total;
} mode;

static const mode modes[] = {{"TOP_10", 10, 0},
                             {"TOP_100", 100, 0},
                             {"TOP_1000", 1000, 0},
                             {"COUNT", 0, 1},
                             {"TOP_10_COUNT", 10, 1}};

typedef struct timed {
    char *tags;
    char *text;
    double best;
    long long hits;
    uint64_t digest;
} timed;

static int read_queries(const char *path, timed **out, size_t *n)
{
    FILE *in = fopen(path, "rb");
    char *line = NULL;
    size_t cap = 0, room = 0;
    ssize_t len;
    *out = NULL;
    *n = 0;
    if (!in)
        return -1;
    while ((len = getline(&line, &cap, in)) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        char *tab = strchr(line, '\t');
        if (!tab)
            continue;
        if (*n == room) {
            room = room ? 2 * room : 1024;
            timed *more = realloc(*out, room * sizeof *more);
            if (!more)
                break;
            *out = more;
        }
        *tab = 0;
        (*out)[(*n)++] = (timed){strdup(line), strdup(tab + 1), 1e30, 0, 0};
    }
    free(line);
    fclose(in);
    return 0;
}

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

static int run_one(parasol_searcher *s, const parasol_search_options *o,
                   timed *q, const mode *m, bool want_digest,
                   parasol_error *err)
{
    parasol_query *query = NULL;
    parasol_result *r = NULL;
    double start = now_us();
    int rc = parasol_query_parse(&query, q->text, strlen(q->text), NULL, err);
    if (!rc)
        rc = parasol_search(&r, s, query, o, err);
    if (!rc)
        q->hits = m->total ? (long long)parasol_result_total(r)
                           : (long long)parasol_result_count(r);
    if (!rc && want_digest)
        q->digest = digest(r);
    parasol_result_free(r);
    parasol_query_free(query);
    double took = now_us() - start;
    if (took < q->best)
        q->best = took;
    return rc;
}

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

static void summary(const timed *q, size_t n, const char *mode_name,
                    const char *tag)
{
    double *v = malloc((n + 1) * sizeof *v), sum = 0;
    size_t k = 0;
    for (size_t i = 0; v && i < n; i++) {
        if (!has_tag(q[i].tags, tag))
            continue;
        v[k++] = q[i].best;
        sum += q[i].best;
    }
    if (v && k > 0) {
        qsort(v, k, sizeof *v, compare_doubles);
        size_t p99 = (size_t)((double)k * 0.99);
        printf("#summary\t%s\t%s\t%zu\t%.1f\t%.1f\t%.1f\n", mode_name, tag, k,
               sum / (double)k, v[k / 2], v[p99 < k ? p99 : k - 1]);
    }
    free(v);
}

/* A summary for each tag, in order of appearance. */
static void summaries(const timed *q, size_t n, const char *mode_name)
{
    char seen[64][64];
    size_t tags = 0;
    for (size_t i = 0; i < n; i++) {
        for (const char *p = q[i].tags; *p;) {
            size_t len = strcspn(p, ",");
            char tag[64];
            snprintf(tag, sizeof tag, "%.*s", (int)len, p);
            p += len + (p[len] == ',');
            bool known = false;
            for (size_t k = 0; k < tags; k++)
                known |= strcmp(seen[k], tag) == 0;
            if (known || tags == 64)
                continue;
            snprintf(seen[tags++], sizeof seen[0], "%s", tag);
            summary(q, n, mode_name, tag);
        }
    }
}

static int run_query(int argc, char **argv)
{
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    timed *q;
    size_t n;
    const mode *m = NULL;
    for (size_t i = 0; argc > 2 && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(argv[2], modes[i].name) == 0)
            m = &modes[i];
    }
    if (!m || read_queries(argv[1], &q, &n)) {
        fprintf(stderr, "usage: parasol-bench query DIR QUERIES MODE\n");
        return 2;
    }
    const char *rep = option(argc, argv, "--repeat");
    int repeat = rep ? (int)strtol(rep, NULL, 10) : 5;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.limit = m->limit;
    o.exact_total = m->total;
    o.exhaustive = option(argc, argv, "--exhaustive") != NULL;
    bool want_digest = option(argc, argv, "--digest") != NULL;
    int rc = parasol_searcher_open(&s, argv[0], NULL, &err);
    for (int r = 0; r <= repeat && !rc; r++) {
        for (size_t i = 0; i < n && !rc; i++) {
            if (r == 1)
                q[i].best = 1e30; /* the first round only warms up */
            rc = run_one(s, &o, &q[i], m, want_digest, &err);
        }
    }
    if (rc)
        return die("query", &err);
    for (size_t i = 0; i < n; i++) {
        printf("%s\t%s\t%.1f\t%lld", q[i].tags, q[i].text, q[i].best,
               q[i].hits);
        if (want_digest)
            printf("\t%016llx", (unsigned long long)q[i].digest);
        putchar('\n');
    }
    summaries(q, n, m->name);
    parasol_searcher_close(s);
    for (size_t i = 0; i < n; i++) {
        free(q[i].tags);
        free(q[i].text);
    }
    free(q);
    return 0;
}

/* ---- batch -------------------------------------------------------------- */

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

static int batch_topic(parasol_searcher *s, FILE *out, const char *topic,
                       char *text, size_t k, parasol_error *err)
{
    parasol_query *query = NULL;
    parasol_result *r = NULL;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.limit = k;
    o.exact_total = 0;
    plain_words(text);
    int rc = parasol_query_parse(&query, text, strlen(text), NULL, err);
    if (!rc)
        rc = parasol_search(&r, s, query, &o, err);
    for (size_t i = 0; !rc && i < parasol_result_count(r); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        rc = parasol_result_hit(r, i, &hit, err);
        if (!rc)
            fprintf(out, "%s Q0 %s %zu %.9f parasol\n", topic, hit.path.ptr,
                    i + 1, hit.score);
    }
    parasol_result_free(r);
    parasol_query_free(query);
    return rc;
}

static int run_batch(int argc, char **argv)
{
    parasol_error err = {0};
    parasol_searcher *s = NULL;
    timed *q;
    size_t n;
    FILE *out = argc > 2 ? fopen(argv[2], "wb") : NULL;
    if (!out || read_queries(argv[1], &q, &n)) {
        fprintf(stderr, "usage: parasol-bench batch DIR TOPICS RUN\n");
        return 2;
    }
    const char *k = option(argc, argv, "--k");
    int rc = parasol_searcher_open(&s, argv[0], NULL, &err);
    for (size_t i = 0; i < n && !rc; i++)
        rc = batch_topic(s, out, q[i].tags, q[i].text,
                         k ? (size_t)strtoul(k, NULL, 10) : 1000, &err);
    parasol_searcher_close(s);
    for (size_t i = 0; i < n; i++) {
        free(q[i].tags);
        free(q[i].text);
    }
    free(q);
    fclose(out);
    return rc ? die("batch", &err) : 0;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "index") == 0)
        return run_index(argc - 2, argv + 2);
    if (strcmp(verb, "query") == 0)
        return run_query(argc - 2, argv + 2);
    if (strcmp(verb, "batch") == 0)
        return run_batch(argc - 2, argv + 2);
    fprintf(stderr, "usage: parasol-bench index|query|batch ...\n");
    return 2;
}
