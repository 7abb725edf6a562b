/*
 * parasol_check: what it says of sound indexes, of files that are damaged,
 * missing, foreign or left over, and where damage is.
 */
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

enum { DOCUMENTS = 4000 };

/* What a check has said, joined. */
typedef struct said {
    char text[8192];
    size_t len;
    unsigned findings;
    unsigned stop_after;
} said;

typedef struct place {
    scratch dir;
    char index[600], segment[700];
    said said;
    parasol_check_info info;
} place;

static int on_finding(const parasol_finding *f, void *user)
{
    said *s = user;
    int n =
        snprintf(s->text + s->len, sizeof s->text - s->len, "%s|%s|%s|%s|%s\n",
                 f->severity == PARASOL_DAMAGE ? "damage" : "note", f->file,
                 f->section, f->problem, f->affects);
    assert_true(n > 0 && (size_t)n < sizeof s->text - s->len);
    s->len += (size_t)n;
    return ++s->findings == s->stop_after;
}

static int check(place *p, int deep)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    parasol_error err = {0};
    p->said.len = 0;
    p->said.findings = 0;
    p->said.text[0] = 0;
    p->info = (parasol_check_info)PARASOL_CHECK_INFO_INIT;
    o.deep = deep;
    o.report = on_finding;
    o.user = &p->said;
    int rc = parasol_check(p->index, &o, &p->info, &err);
    assert_true(rc == PARASOL_OK || err.message[0] != 0);
    return rc;
}

static void assert_said(const place *p, const char *what)
{
    if (!strstr(p->said.text, what))
        fail_msg("not said: %s\nbut:\n%s", what, p->said.text);
}

static void build(const char *path, int ids)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    uint64_t random = 1;
    o.ids = ids;
    assert_int_equal(parasol_indexer_open(&w, path, &o, NULL), PARASOL_OK);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        char id[32], text[600];
        size_t len = 0;
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "doc%04u", i);
        for (unsigned k = 0; k < 30; k++) {
            uint64_t word = scratch_below(&random, 300) + 1;
            len += (size_t)snprintf(text + len, sizeof text - len, "w%llu ",
                                    (unsigned long long)(2000 / word));
        }
        doc.id = id;
        doc.title = "Titles of works";
        doc.text = text;
        doc.text_len = len;
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    *state = p;
    scratch_make(&p->dir);
    (void)snprintf(p->index, sizeof p->index, "%s/index", p->dir.dir);
    (void)snprintf(p->segment, sizeof p->segment, "%s/s1.seg", p->index);
    build(p->index, 1);
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    free(p);
    return 0;
}

static uint64_t load(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;
    for (unsigned i = n; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

/* Changes a byte in the middle of each section, one section at a time, and
   asks what the check says of it. */
static void damage_section(place *p, uint32_t id, const char *expect)
{
    size_t n;
    uint8_t *bytes = scratch_read(p->segment, &n);
    const uint8_t *foot = bytes + n - 64;
    const uint8_t *toc = bytes + load(foot + 32, 8);
    for (uint64_t i = 0; i < load(foot + 40, 4); i++, toc += 24) {
        if (load(toc, 4) != id)
            continue;
        uint64_t at = load(toc + 8, 8) + load(toc + 16, 8) / 2;
        bytes[at] ^= 4;
        scratch_write(p->segment, bytes, n);
        bytes[at] ^= 4;
        assert_int_equal(check(p, 1), PARASOL_CORRUPT);
        assert_int_equal(p->info.damages, 1);
        assert_said(p, expect);
        scratch_write(p->segment, bytes, n);
        free(bytes);
        return;
    }
    fail_msg("no section %u", id);
}

/* ---- tests -------------------------------------------------------------- */

static void check_index__sound(void **state)
{
    place *p = *state;
    assert_int_equal(check(p, 0), PARASOL_OK);
    assert_int_equal(p->said.findings, 0);
    assert_int_equal(p->info.documents, DOCUMENTS);
    assert_int_equal(p->info.commit, 1);
    assert_true(p->info.files >= 2);
    assert_int_equal(check(p, 1), PARASOL_OK);
    assert_int_equal(p->said.findings, 0);
}

/* Several languages, segments, replaced and removed documents. */
static void check_index__without_ids(void **state)
{
    place *p = *state;
    (void)snprintf(p->index, sizeof p->index, "%s/without", p->dir.dir);
    build(p->index, 0);
    assert_int_equal(check(p, 1), PARASOL_OK);
    assert_int_equal(p->said.findings, 0);
}

static void check_index__of_many_parts(void **state)
{
    static const char *const texts[] = {
        "Die Verhandlungen über den Vertrag dauern an, und der Hafen ist nicht "
        "ein Teil der Verhandlungen mit den Ländern",
        "Les négociations sur le traité se poursuivent et le port ne fait pas "
        "partie des négociations avec les pays",
        "The negotiations on the treaty go on, and the harbour is not a part of "
        "the negotiations with the countries, to be or not to be"};
    place *p = *state;
    (void)snprintf(p->index, sizeof p->index, "%s/many", p->dir.dir);
    for (unsigned commit = 0; commit < 4; commit++) {
        parasol_indexer *w = NULL;
        parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
        o.language = "auto";
        o.update = commit ? PARASOL_UPDATE : PARASOL_UPDATE_NONE;
        o.no_merge = commit < 3;
        o.segment_docs = 250;
        assert_int_equal(parasol_indexer_open(&w, p->index, &o, NULL),
                         PARASOL_OK);
        for (unsigned i = 0; i < 600; i += commit ? 7 : 1) {
            char id[32], text[500];
            parasol_document doc = PARASOL_DOCUMENT_INIT;
            (void)snprintf(id, sizeof id, "d%u", i * 31 % 600 + commit);
            doc.text_len = (size_t)snprintf(text, sizeof text,
                                            "%s %u cyber-security F-16 %u",
                                            texts[i % 3], commit, i % 50);
            doc.id = id;
            doc.title = "To be or not";
            doc.text = text;
            assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
        }
        for (unsigned i = 0; commit && i < 9; i++) {
            char id[32];
            (void)snprintf(id, sizeof id, "d%u", 60 * i + commit);
            assert_int_equal(parasol_indexer_remove(w, id, NULL, NULL),
                             PARASOL_OK);
        }
        assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
        parasol_indexer_close(w);
        int rc = check(p, 1);
        if (rc || p->said.findings)
            fail_msg("commit %u: %s", commit, p->said.text);
    }
    assert_int_equal(parasol_optimize(p->index, NULL, NULL, NULL), PARASOL_OK);
    assert_int_equal(check(p, 1), PARASOL_OK);
}

static void check_index__not_there(void **state)
{
    place *p = *state;
    parasol_error err = {0};
    char path[700];
    (void)snprintf(path, sizeof path, "%s/none", p->dir.dir);
    assert_int_equal(parasol_check(path, NULL, NULL, &err), PARASOL_NOTFOUND);
    assert_int_equal(parasol_check(p->dir.dir, NULL, NULL, &err),
                     PARASOL_NOTFOUND);
    assert_int_equal(parasol_check("", NULL, NULL, &err), PARASOL_ARG);
}

static void check_index__other_files(void **state)
{
    place *p = *state;
    static const char *const names[] = {"notes.txt", "s9.seg", "s8.seg.tmp",
                                        "manifest.0x"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[800];
        (void)snprintf(path, sizeof path, "%s/%s", p->index, names[i]);
        scratch_write(path, "x", 1);
    }
    assert_int_equal(check(p, 0), PARASOL_OK);
    assert_int_equal(p->info.notes, 4);
    assert_said(p, "note|notes.txt||foreign");
    assert_said(p, "note|manifest.0x||foreign");
    assert_said(p, "note|s9.seg||no part of the commit");
    assert_said(p, "note|s8.seg.tmp||unfinished");
}

static void check_index__missing_segment(void **state)
{
    place *p = *state;
    assert_int_equal(remove(p->segment), 0);
    assert_int_equal(check(p, 0), PARASOL_CORRUPT);
    assert_said(p, "damage|s1.seg||the file is missing|all 4000 documents");
}

static void check_index__manifest(void **state)
{
    place *p = *state;
    char path[700];
    size_t n;
    (void)snprintf(path, sizeof path, "%s/manifest.1", p->index);
    uint8_t *bytes = scratch_read(path, &n);
    bytes[60] ^= 1;
    scratch_write(path, bytes, n);
    assert_int_equal(check(p, 1), PARASOL_CORRUPT);
    assert_said(p, "damage|manifest.1||");
    assert_int_equal(p->info.commit, 0);
    /* The segment and the catalog were looked at all the same. */
    assert_int_equal(p->info.files, 2);
    assert_int_equal(remove(path), 0);
    assert_int_equal(check(p, 1), PARASOL_CORRUPT);
    assert_said(p, "damage|manifest||there is none");
    free(bytes);
}

static void check_index__sections(void **state)
{
    place *p = *state;
    damage_section(p, 1, "META");
    damage_section(p, 2, "TERMS");
    damage_section(p, 4,
                   "|POSTINGS|1 page has a wrong checksum|the posting "
                   "list of \"w");
    damage_section(p, 5,
                   "|POSITIONS|1 page has a wrong checksum|the positions "
                   "of \"w");
    damage_section(p, 6, "the scores of documents ");
    damage_section(p, 7, "fields and text of documents ");
    damage_section(p, 9,
                   "|TEXT|1 page has a wrong checksum|the text of "
                   "documents ");
    damage_section(p, 8, "DOC_FIELDS|1 page has a wrong checksum|");
}

static void check_index__goes_on(void **state)
{
    place *p = *state;
    size_t n;
    uint8_t *bytes = scratch_read(p->segment, &n);
    assert_true(n > 20 * 4096);
    for (size_t page = 2; page < 12; page += 3)
        bytes[page * 4096 + 7] ^= 1;
    scratch_write(p->segment, bytes, n);
    assert_int_equal(check(p, 0), PARASOL_CORRUPT);
    assert_int_equal(p->info.damages, 4);
    p->said.stop_after = 2;
    assert_int_equal(check(p, 0), PARASOL_ARG);
    assert_int_equal(p->said.findings, 2);
    free(bytes);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(check_index__sound),       TEST(check_index__of_many_parts),
        TEST(check_index__without_ids), TEST(check_index__not_there),
        TEST(check_index__other_files), TEST(check_index__missing_segment),
        TEST(check_index__manifest),    TEST(check_index__sections),
        TEST(check_index__goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
