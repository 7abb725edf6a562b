/*
 *     sqlite-harness index DOCS.jsonl DIR [--merge]
 *     sqlite-harness query DIR QUERIES.tsv MODE [--repeat R]
 *     sqlite-harness batch DIR TOPICS.tsv RUN.trec [--k K]
 *
 * The text is not stored; the index is always optimized into one tree, as
 * --merge asks. TOP_10_COUNT is two statements. Queries that FTS5 cannot
 * express have NA for time and hits.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "sqlite_harness.h"

#define COUNT_SQL "SELECT count(*) FROM words WHERE words MATCH ?1"
#define TOP_SQL                                                                \
    "SELECT rowid, rank FROM words WHERE words MATCH ?1 ORDER BY rank LIMIT ?2"

static double now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static long option(int argc, char **argv, const char *name, long otherwise)
{
    for (int i = 0; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return strtol(argv[i + 1], NULL, 10);
    }
    return otherwise;
}

static void database(char out[4096], const char *dir)
{
    snprintf(out, 4096, "%s/index.db", dir);
}

/* ---- index -------------------------------------------------------------- */

static bool add_lines(sqlite3 *db, FILE *in)
{
    static const char *const sql[] = {
        "INSERT INTO ids(n, id) VALUES(?1, json_extract(?2, '$.id'))",
        "INSERT INTO words(rowid, body) VALUES(?1, json_extract(?2, '$.title')"
        " || char(10) || json_extract(?2, '$.text'))"};
    sqlite3_stmt *insert[2] = {NULL, NULL};
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    bool ok = true;
    for (int i = 0; i < 2; i++)
        ok = ok && sqlite3_prepare_v2(db, sql[i], -1, &insert[i], NULL) == 0;
    for (sqlite3_int64 n = 1; ok && (len = getline(&line, &room, in)) > 0;
         n++) {
        for (int i = 0; ok && i < 2; i++) {
            sqlite3_bind_int64(insert[i], 1, n);
            sqlite3_bind_text(insert[i], 2, line, (int)len, SQLITE_STATIC);
            ok = sqlite3_step(insert[i]) == SQLITE_DONE;
            sqlite3_reset(insert[i]);
        }
    }
    sqlite3_finalize(insert[0]);
    sqlite3_finalize(insert[1]);
    free(line);
    return ok;
}

static int run_index(char **argv)
{
    char path[4096];
    mkdir(argv[1], 0777);
    database(path, argv[1]);
    remove(path);
    FILE *in = fopen(argv[0], "rb");
    if (!in) {
        fprintf(stderr, "sqlite-harness: %s: cannot be read\n", argv[0]);
        return 1;
    }
    double start = now_us();
    sqlite3 *db =
        harness_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    bool ok =
        db &&
        sqlite3_exec(db,
                     "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                     "PRAGMA cache_size = -1000000; BEGIN;"
                     "CREATE TABLE ids(n INTEGER PRIMARY KEY, id TEXT);"
                     "CREATE VIRTUAL TABLE words USING fts5(body, content='',"
                     " tokenize='stems')",
                     NULL, NULL, NULL) == SQLITE_OK &&
        add_lines(db, in) &&
        sqlite3_exec(db,
                     "INSERT INTO words(words) VALUES('optimize'); COMMIT;"
                     "VACUUM",
                     NULL, NULL, NULL) == SQLITE_OK;
    if (!ok)
        harness_fail(db, argv[0]);
    sqlite3_close(db);
    (void)fclose(in);
    if (ok)
        printf("wall=%.2fs\n", (now_us() - start) / 1e6);
    return ok ? 0 : 1;
}

/* ---- search ------------------------------------------------------------- */

typedef struct engine {
    sqlite3 *db;
    sqlite3_stmt *top;
    sqlite3_stmt *count;
} engine;

static bool engine_open(engine *e, const char *dir)
{
    char path[4096];
    database(path, dir);
    e->db = harness_open(path, SQLITE_OPEN_READONLY);
    if (!e->db)
        return false;
    if (sqlite3_exec(e->db,
                     "PRAGMA mmap_size = 17179869184;"
                     "PRAGMA cache_size = -1000000",
                     NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(e->db, TOP_SQL, -1, &e->top, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(e->db, COUNT_SQL, -1, &e->count, NULL) == SQLITE_OK)
        return true;
    harness_fail(e->db, dir);
    return false;
}

static void engine_close(engine *e)
{
    sqlite3_finalize(e->top);
    sqlite3_finalize(e->count);
    sqlite3_close(e->db);
}

/* Rows of the best `limit`, or the number that a count gives. */
static long long step_all(sqlite3_stmt *s, const char *match, int limit)
{
    long long n = 0;
    int rc;
    sqlite3_bind_text(s, 1, match, -1, SQLITE_STATIC);
    if (limit > 0)
        sqlite3_bind_int(s, 2, limit);
    while ((rc = sqlite3_step(s)) == SQLITE_ROW)
        n = limit > 0 ? n + 1 : sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    return rc == SQLITE_DONE ? n : -1;
}

/* Hits, or -1 for what FTS5 cannot do. */
static long long search(engine *e, const char *query, int limit, bool total)
{
    char match[65536];
    long long hits = 0;
    if (!harness_translate(match, sizeof match, query))
        return -1;
    if (limit > 0)
        hits = step_all(e->top, match, limit);
    if (total && hits >= 0)
        hits = step_all(e->count, match, 0);
    return hits;
}

typedef struct query {
    char *tags;
    char *text;
    double best;
    long long hits;
} query;

static query *read_queries(const char *path, size_t *n)
{
    FILE *in = fopen(path, "rb");
    query *all = NULL;
    char *line = NULL;
    size_t room = 0;
    *n = 0;
    while (in && getline(&line, &room, in) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        char *tab = strchr(line, '\t');
        if (!tab)
            continue;
        *tab = 0;
        query *more = realloc(all, (*n + 1) * sizeof *all);
        if (!more)
            break;
        all = more;
        all[(*n)++] = (query){strdup(line), strdup(tab + 1), 1e30, 0};
    }
    free(line);
    if (in)
        (void)fclose(in);
    else
        fprintf(stderr, "sqlite-harness: %s: cannot be read\n", path);
    return all;
}

static void free_queries(query *q, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(q[i].tags);
        free(q[i].text);
    }
    free(q);
}

static int run_query(int argc, char **argv)
{
    static const struct {
        const char *name;
        int limit;
        bool total;
    } modes[] = {{"TOP_10", 10, false},
                 {"TOP_100", 100, false},
                 {"TOP_1000", 1000, false},
                 {"COUNT", 0, true},
                 {"TOP_10_COUNT", 10, true}};
    size_t m = 0, n;
    engine e = {NULL, NULL, NULL};
    while (m < 5 && strcmp(modes[m].name, argv[2]) != 0)
        m++;
    long repeat = option(argc, argv, "--repeat", 5);
    query *q = m < 5 ? read_queries(argv[1], &n) : NULL;
    if (!q || !engine_open(&e, argv[0])) {
        fprintf(stderr, "usage: sqlite-harness query DIR QUERIES.tsv MODE\n");
        return 2;
    }
    for (long r = 0; r <= repeat; r++) {
        for (size_t i = 0; i < n; i++) {
            double start = now_us();
            q[i].hits = search(&e, q[i].text, modes[m].limit, modes[m].total);
            double took = now_us() - start;
            if (r <= 1 || took < q[i].best) /* the first only warms up */
                q[i].best = took;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (q[i].hits < 0)
            printf("%s\t%s\tNA\tNA\n", q[i].tags, q[i].text);
        else
            printf("%s\t%s\t%.1f\t%lld\n", q[i].tags, q[i].text, q[i].best,
                   q[i].hits);
    }
    engine_close(&e);
    free_queries(q, n);
    return 0;
}

/* ---- batch -------------------------------------------------------------- */

static void batch_topic(engine *e, FILE *out, sqlite3_stmt *id, query *topic,
                        int k)
{
    char match[65536];
    for (char *p = topic->text; *p; p++) {
        if ((unsigned char)*p < 128 && !isalnum((unsigned char)*p))
            *p = ' ';
    }
    if (!harness_translate(match, sizeof match, topic->text))
        return;
    sqlite3_bind_text(e->top, 1, match, -1, SQLITE_STATIC);
    sqlite3_bind_int(e->top, 2, k);
    for (int rank = 1; sqlite3_step(e->top) == SQLITE_ROW; rank++) {
        sqlite3_bind_int64(id, 1, sqlite3_column_int64(e->top, 0));
        if (sqlite3_step(id) == SQLITE_ROW)
            fprintf(out, "%s Q0 %s %d %.6f sqlite\n", topic->tags,
                    (const char *)sqlite3_column_text(id, 0), rank,
                    -sqlite3_column_double(e->top, 1));
        sqlite3_reset(id);
    }
    sqlite3_reset(e->top);
}

static int run_batch(int argc, char **argv)
{
    size_t n;
    engine e = {NULL, NULL, NULL};
    sqlite3_stmt *id = NULL;
    query *q = read_queries(argv[1], &n);
    FILE *out = fopen(argv[2], "wb");
    if (!q || !out || !engine_open(&e, argv[0]) ||
        sqlite3_prepare_v2(e.db, "SELECT id FROM ids WHERE n = ?1", -1, &id,
                           NULL) != SQLITE_OK) {
        fprintf(stderr, "usage: sqlite-harness batch DIR TOPICS.tsv RUN\n");
        return 2;
    }
    for (size_t i = 0; i < n; i++)
        batch_topic(&e, out, id, &q[i], (int)option(argc, argv, "--k", 1000));
    sqlite3_finalize(id);
    engine_close(&e);
    free_queries(q, n);
    return fclose(out) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "index") == 0 && argc >= 4)
        return run_index(argv + 2);
    if (strcmp(verb, "query") == 0 && argc >= 5)
        return run_query(argc - 2, argv + 2);
    if (strcmp(verb, "batch") == 0 && argc >= 5)
        return run_batch(argc - 2, argv + 2);
    fprintf(stderr, "usage: sqlite-harness index|query|batch ...\n");
    return 2;
}
