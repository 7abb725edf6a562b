/*
 * A small index with every byte changed in turn in three ways, cut at every
 * length, and with every file taken away: an error, or the answer of the sound
 * index; never a crash, never another answer. Its lists have several blocks,
 * so that every section is in use.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "tests/support/scratch.h"

static const char *const queries[] = {
    "treaty",
    "\"armed attack\" -number7",
    "+harbour word14",
    "title",
    "=attack",
    "=\"an armed attack\"",
    "treaties harbour^2",
    "treaty OR attack OR word21 OR number3",
    "+treaty +attack",
    "+treaty -attack",
    "+(attack OR word28) (harbour \"number9 of\")",
    "-treaty",
    "* -\"armed or not\"",
    "*",
    "word0 word7 word14 word21 word28 word35",
    "+\"the harbour\" =number12^3",
    "nosuchword",
    "nosuchword OR number149",
    "(+armed (+attack -or)) not",
    "\"treaty number77 of the harbour word539\"",
    "\"attack armed\"~3 title:title",
    "(treaty OR attack) NEAR/4 (armed ADJ/0 attack)",
    "attack kind:odd pages:>=70",
    "kind:(odd | even) -path:doc1* date:2013",
    "(treaty attack word28)@2 tag:t3^=1 since:2014"};
enum { QUERIES = sizeof queries / sizeof queries[0], DOCUMENTS = 150 };

typedef struct place {
    scratch dir;
    char index[600];
    uint64_t want;   /* digest of the answers of the sound index */
    uint64_t errors; /* how often damage was noticed */
    uint64_t same;   /* and how often it did not matter */
} place;

/* With a file that is not searchable, so that there are lists of such files
   and of all files. */
static void add_folder(parasol_indexer *w, const char *folder)
{
    char path[700];
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    assert_int_equal(mkdir(folder, 0777), 0);
    (void)snprintf(path, sizeof path, "%s/note.txt", folder);
    scratch_write(path, "a treaty in a file\n", 19);
    (void)snprintf(path, sizeof path, "%s/empty.txt", folder);
    scratch_write(path, "", 0);
    assert_int_equal(parasol_indexer_add_tree(w, folder, NULL, &sum, NULL),
                     PARASOL_OK);
}

/* A second commit, in which some documents are dead. */
static void bury(const char *path)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.update = PARASOL_UPDATE;
    o.no_merge = 1;
    assert_int_equal(parasol_indexer_open(&w, path, &o, NULL), PARASOL_OK);
    for (unsigned i = 3; i < DOCUMENTS; i += 40) {
        char id[32];
        int found = 0;
        (void)snprintf(id, sizeof id, "doc%u", i);
        assert_int_equal(parasol_indexer_remove(w, id, &found, NULL),
                         PARASOL_OK);
        assert_true(found);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

static void build(const char *path, const char *folder)
{
    parasol_indexer *w = NULL;
    assert_int_equal(parasol_indexer_open(&w, path, NULL, NULL), PARASOL_OK);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        char id[32];
        char text[300];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "doc%u", i);
        doc.text_len = (size_t)snprintf(
            text, sizeof text, "treaty number%u of the harbour, word%u %s", i,
            i * 7, i % 3 ? "an armed attack" : "no attack, armed or not");
        doc.id = id;
        doc.title = "A title";
        doc.date = "2013-10-04";
        doc.text = text;
        char pages[8], tag[8];
        (void)snprintf(pages, sizeof pages, "%u", i);
        (void)snprintf(tag, sizeof tag, "t%u", i % 9);
        parasol_meta meta[] = {{"kind", i % 2 ? "odd" : "even"},
                               {"pages", pages},
                               {"tag", tag},
                               {"tag", "t3"}};
        doc.meta = meta;
        doc.meta_count = i % 5 ? 2 : 4;
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
    }
    add_folder(w, folder);
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
    bury(path);
}

static uint64_t mix(uint64_t sum, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
    return sum;
}

/* Adds everything that a result says to *sum. */
static int digest_result(parasol_result *r, uint64_t *sum, parasol_error *err)
{
    uint64_t total = parasol_result_total(r);
    *sum = mix(*sum, &total, sizeof total);
    for (size_t i = 0; i < parasol_result_count(r); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        int rc = parasol_result_hit(r, i, &hit, err);
        if (rc == PARASOL_OK)
            rc = parasol_result_snippet(r, i, 120, &snippet, err);
        if (rc != PARASOL_OK)
            return rc;
        *sum = mix(*sum, &hit.score, sizeof hit.score);
        *sum = mix(*sum, hit.path.ptr, hit.path.len);
        *sum = mix(*sum, hit.title.ptr, hit.title.len);
        *sum = mix(*sum, hit.date.ptr, hit.date.len);
        *sum = mix(*sum, snippet.text.ptr, snippet.text.len);
    }
    return PARASOL_OK;
}

/* By turns pruned, exhaustive and only counted. */
static int ask(parasol_searcher *s, size_t i, uint64_t *sum, parasol_error *err)
{
    const char *text = queries[i];
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.exhaustive = i % 4 == 1;
    o.exact_total = i % 2 == 0;
    o.limit = i % 7 == 6 ? 0 : 1 + i % 5;
    int rc = parasol_query_parse(&q, text, strlen(text), NULL, err);
    if (rc == PARASOL_OK)
        rc = parasol_search(&r, s, q, &o, err);
    if (rc == PARASOL_OK)
        rc = digest_result(r, sum, err);
    parasol_result_free(r);
    parasol_query_free(q);
    return rc;
}

static int digest_index(const char *path, uint64_t *sum, parasol_error *err)
{
    parasol_searcher *s = NULL;
    *sum = 1;
    int rc = parasol_searcher_open(&s, path, NULL, err);
    for (size_t i = 0; i < QUERIES && rc == PARASOL_OK; i++)
        rc = ask(s, i, sum, err);
    parasol_searcher_close(s);
    return rc;
}

/* The index as it lies there now: an error with a sentence, or the right
   answers. */
static void judge(place *p, const char *file, const char *what, size_t at)
{
    parasol_error err = {0};
    uint64_t sum = 0;
    int rc = digest_index(p->index, &sum, &err);
    if (rc == PARASOL_OK && sum != p->want)
        fail_msg("%s, %s %zu: another answer", file, what, at);
    if (rc != PARASOL_OK && (err.code != rc || err.message[0] == '\0'))
        fail_msg("%s, %s %zu: status %d without a sentence", file, what, at,
                 rc);
    if (rc == PARASOL_NOMEM || rc == PARASOL_INTERNAL)
        fail_msg("%s, %s %zu: status %d, %s", file, what, at, rc, err.message);
    p->errors += rc != PARASOL_OK;
    p->same += rc == PARASOL_OK;
}

typedef void damage(place *p, const char *path, uint8_t *bytes, size_t n);

/* Calls `with` for each file of the index, which is whole again after it. */
static void each_file(place *p, damage *with)
{
    struct dirent **names = NULL;
    int count = scandir(p->index, &names, NULL, alphasort);
    char kinds[128] = ""; /* first letters of their names */
    assert_true(count > 0);
    p->errors = 0;
    p->same = 0;
    for (int i = 0; i < count; i++) {
        char path[1200];
        size_t n = 0;
        (void)snprintf(path, sizeof path, "%s/%s", p->index, names[i]->d_name);
        if (names[i]->d_name[0] != '.') {
            uint8_t *bytes = scratch_read(path, &n);
            with(p, path, bytes, n);
            scratch_write(path, bytes, n);
            free(bytes);
            kinds[strlen(kinds)] = names[i]->d_name[0];
        }
        free(names[i]);
    }
    free(names);
    for (const char *c = "fklms"; *c; c++) /* every kind of files */
        assert_non_null(strchr(kinds, *c));
    assert_true(p->errors > 0);
    judge(p, p->index, "mended", 0);
    printf("%llu errors, %llu times without effect\n",
           (unsigned long long)p->errors, (unsigned long long)p->same);
}

/* One byte in its place: to write the file anew takes the disk much longer. */
static void put_byte(const char *path, size_t at, uint8_t byte)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc(byte, f), byte);
    assert_int_equal(fclose(f), 0);
}

/* Of files that a search does not read, one byte in some: test_check_flip.c
   looks at all of them. */
static size_t step_of(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    return strchr("sml", *name) && strcmp(name, "log") != 0 ? 1 : 16;
}

static void change_bytes(place *p, const char *path, uint8_t *bytes, size_t n)
{
    static const uint8_t masks[] = {0x01, 0x80, 0xff};
    for (size_t i = 0; i < n; i += step_of(path)) {
        for (size_t k = 0; k < sizeof masks; k++) {
            put_byte(path, i, bytes[i] ^ masks[k]);
            judge(p, path, "byte", i);
        }
        put_byte(path, i, bytes[i]);
    }
}

static void cut_short(place *p, const char *path, uint8_t *bytes, size_t n)
{
    (void)bytes;
    for (size_t len = n; len-- > 0;) {
        if (len % step_of(path))
            continue;
        assert_int_equal(truncate(path, (off_t)len), 0);
        judge(p, path, "cut at", len);
    }
}

static void take_away(place *p, const char *path, uint8_t *bytes, size_t n)
{
    (void)bytes;
    assert_int_equal(remove(path), 0);
    judge(p, path, "taken away", n);
}

static int set_up(void **state)
{
    static place p;
    parasol_error err = {0};
    scratch_make(&p.dir);
    (void)snprintf(p.index, sizeof p.index, "%s/index", p.dir.dir);
    build(p.index, scratch_path(&p.dir, "folder"));
    *state = &p;
    return digest_index(p.index, &p.want, &err);
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    return 0;
}

static void fault_flip__every_byte(void **state)
{
    each_file(*state, change_bytes);
}

static void fault_flip__every_length(void **state)
{
    each_file(*state, cut_short);
}

static void fault_flip__every_file(void **state)
{
    each_file(*state, take_away);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_flip__every_byte),
        cmocka_unit_test(fault_flip__every_length),
        cmocka_unit_test(fault_flip__every_file),
    };
    return cmocka_run_group_tests_name("flip", tests, set_up, tear_down);
}
