/*
 * Repair and upgrade: damage of every kind is made on an index with several
 * segments; afterwards a deep check finds nothing, and what can be found is
 * what could be before, but for what was said to be lost.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "tests/support/scratch.h"

enum { DOCUMENTS = 900, EACH = 300 };

typedef struct place {
    scratch dir;
    char index[600], folder[600];
    uint64_t said[4]; /* events by kind */
    char lost[200];   /* the id that was lost last */
    parasol_repair_info info;
} place;

/* ---- the index ---------------------------------------------------------- */

static void text_of(char *out, size_t room, unsigned i)
{
    (void)snprintf(out, room,
                   "treaty number%u of the harbour, word%u %s and "
                   "cyber-security in the year %u",
                   i, i * 7 % 101, i % 3 ? "armed attacks" : "an attack",
                   1900 + i % 120);
}

static void build(place *p, int store_text)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.store_text = store_text;
    o.segment_docs = EACH;
    assert_int_equal(parasol_indexer_open(&w, p->index, &o, NULL), PARASOL_OK);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        char id[32], text[300];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        parasol_meta meta = {"kind", i % 2 ? "odd" : "even"};
        (void)snprintf(id, sizeof id, "d%03u.txt", i);
        text_of(text, sizeof text, i);
        doc.id = id;
        doc.title = "A title";
        doc.date = "2013-10-04";
        doc.text = text;
        doc.text_len = strlen(text);
        doc.meta = &meta;
        doc.meta_count = 1;
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

static void write_files(place *p)
{
    assert_int_equal(mkdir(p->folder, 0777), 0);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        char path[700], text[300];
        (void)snprintf(path, sizeof path, "%s/d%03u.txt", p->folder, i);
        text_of(text, sizeof text, i);
        scratch_write(path, text, strlen(text));
    }
}

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    *state = p;
    scratch_make(&p->dir);
    (void)snprintf(p->index, sizeof p->index, "%s/index", p->dir.dir);
    (void)snprintf(p->folder, sizeof p->folder, "%s/folder", p->dir.dir);
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    free(p);
    return 0;
}

/* ---- asking ------------------------------------------------------------- */

static uint64_t count(const place *p, const char *text)
{
    parasol_searcher *s = NULL;
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_error err = {0};
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.exact_total = 1;
    int rc = parasol_searcher_open(&s, p->index, NULL, &err);
    if (rc)
        fail_msg("%s", err.message);
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, NULL),
                     PARASOL_OK);
    assert_int_equal(parasol_search(&r, s, q, &o, NULL), PARASOL_OK);
    uint64_t n = parasol_result_total(r);
    parasol_result_free(r);
    parasol_query_free(q);
    parasol_searcher_close(s);
    return n;
}

static int on_event(const parasol_repair_event *e, void *user)
{
    place *p = user;
    assert_true(e->kind >= 0 && e->kind < 4 && e->text[0] != 0);
    p->said[e->kind]++;
    if (e->kind == PARASOL_REPAIR_LOST)
        (void)snprintf(p->lost, sizeof p->lost, "%s", e->id);
    return 0;
}

static int repair(place *p, const char *folder, int dry_run)
{
    parasol_repair_options o = PARASOL_REPAIR_OPTIONS_INIT;
    parasol_error err = {0};
    memset(p->said, 0, sizeof p->said);
    p->info = (parasol_repair_info)PARASOL_REPAIR_INFO_INIT;
    o.folder = folder;
    o.dry_run = dry_run;
    o.jobs = 1;
    o.report = on_event;
    o.user = p;
    int rc = parasol_repair(p->index, &o, &p->info, &err);
    assert_true(rc == PARASOL_OK || err.message[0] != 0);
    return rc;
}

static int on_finding(const parasol_finding *f, void *user)
{
    (void)user;
    print_message("%s %s: %s\n", f->file, f->section, f->problem);
    return 0;
}

static int check(const place *p)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    o.deep = 1;
    return parasol_check(p->index, &o, NULL, NULL);
}

static void assert_sound(const place *p)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    parasol_check_info info = PARASOL_CHECK_INFO_INIT;
    o.deep = 1;
    o.report = on_finding;
    assert_int_equal(parasol_check(p->index, &o, &info, NULL), PARASOL_OK);
}

/* ---- damaging ----------------------------------------------------------- */

static void path_of(const place *p, char out[700], const char *name)
{
    (void)snprintf(out, 700, "%s/%s", p->index, name);
}

/* Flips a bit in the middle of a section of a segment; section 0: in the
   header. */
static void damage(const place *p, const char *name, uint32_t section)
{
    char path[700];
    size_t n;
    path_of(p, path, name);
    uint8_t *bytes = scratch_read(path, &n);
    const uint8_t *toc = bytes + pc_load64le(bytes + n - 64 + 32);
    uint32_t sections = pc_load32le(bytes + n - 64 + 40);
    uint64_t at = 20;
    for (uint32_t i = 0; i < sections; i++, toc += 24) {
        if (pc_load32le(toc) == section)
            at = pc_load64le(toc + 8) + pc_load64le(toc + 16) / 2;
    }
    assert_true(section == 0 || at != 20);
    bytes[at] ^= 0x10;
    scratch_write(path, bytes, n);
    free(bytes);
}

/* Gives the manifest another fingerprint, under a right checksum. */
static void age(const place *p)
{
    char path[700];
    size_t n;
    path_of(p, path, "manifest.1");
    uint8_t *bytes = scratch_read(path, &n);
    bytes[40] ^= 1;
    pc_store32le(bytes + n - 4, pc_crc32c(0, bytes, n - 4));
    scratch_write(path, bytes, n);
    free(bytes);
}

/* ---- tests -------------------------------------------------------------- */

static void repair_index__sound(void **state)
{
    place *p = *state;
    build(p, 1);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->info.changed, 0);
    assert_int_equal(p->info.commit, 1);
    assert_int_equal(p->info.documents, DOCUMENTS);
}

static void repair_index__not_there(void **state)
{
    place *p = *state;
    assert_int_equal(repair(p, NULL, 0), PARASOL_NOTFOUND);
}

static void repair_segment__from_its_text(void **state)
{
    place *p = *state;
    build(p, 1);
    uint64_t before = count(p, "\"armed attacks\"");
    damage(p, "s2.seg", 4); /* POSTINGS */
    assert_int_equal(repair(p, NULL, 1), PARASOL_OK);
    assert_int_equal(p->info.stored, EACH);
    assert_int_equal(p->info.changed, 0);
    assert_int_equal(check(p), PARASOL_CORRUPT); /* a dry run changes nothing */
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->info.rebuilt, 1);
    assert_int_equal(p->info.stored, EACH);
    assert_int_equal(p->info.lost, 0);
    assert_int_equal(p->info.documents, DOCUMENTS);
    assert_sound(p);
    assert_int_equal(count(p, "\"armed attacks\""), before);
    assert_int_equal(count(p, "number450"), 1);
    assert_int_equal(count(p, "kind:odd"), DOCUMENTS / 2);
}

static void repair_segment__from_files(void **state)
{
    place *p = *state;
    build(p, 0);
    write_files(p);
    damage(p, "s3.seg", 5); /* POSITIONS */
    /* Nothing can be made without the files: it stays as it is. */
    assert_int_equal(repair(p, NULL, 0), PARASOL_CORRUPT);
    assert_int_equal(p->said[PARASOL_REPAIR_DOUBTFUL], 1);
    assert_int_equal(count(p, "number450"), 1);
    assert_int_equal(repair(p, p->folder, 0), PARASOL_OK);
    assert_int_equal(p->info.reread, EACH);
    assert_int_equal(p->said[PARASOL_REPAIR_REREAD], EACH);
    assert_sound(p);
    assert_int_equal(count(p, "number899"), 1);
}

static void repair_segment__some_lost(void **state)
{
    place *p = *state;
    char path[700];
    build(p, 0);
    write_files(p);
    (void)snprintf(path, sizeof path, "%s/d007.txt", p->folder);
    assert_int_equal(remove(path), 0);
    damage(p, "s1.seg", 5);
    assert_int_equal(repair(p, p->folder, 0), PARASOL_OK);
    assert_int_equal(p->info.lost, 1);
    assert_int_equal(p->said[PARASOL_REPAIR_LOST], 1);
    assert_string_equal(p->lost, "d007.txt");
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS - 1);
}

/* Flips bits of `n` bytes; `at` below 0 counts from the end. */
static void damage_at(const char *path, long at, size_t n)
{
    size_t len;
    uint8_t *bytes = scratch_read(path, &len);
    size_t from = at < 0 ? len - (size_t)-at : (size_t)at;
    for (size_t i = 0; i < n; i++)
        bytes[from + i] ^= 0x5a;
    scratch_write(path, bytes, len);
    free(bytes);
}

/* Header, footer, checksums and an entry of the table of contents follow from
   the rest: no document is made again, and the file is what it was. */
static void repair_frame__alone(void **state)
{
    static const struct {
        long at;
        size_t n;
    } places[] = {{0, 64},    {20, 1},   {-64, 64}, {-60, 4}, {-88, 24},
                  {-112, 24}, {-100, 4}, {-150, 3}, {-1, 1}};
    place *p = *state;
    char path[700];
    size_t n, m;
    build(p, 1);
    path_of(p, path, "s2.seg");
    uint8_t *before = scratch_read(path, &n);
    uint64_t sums = pc_load64le(before + n - 48);
    for (size_t i = 0; i <= sizeof places / sizeof places[0]; i++) {
        if (i == sizeof places / sizeof places[0])
            damage_at(path, (long)sums, 8); /* of pages */
        else
            damage_at(path, places[i].at, places[i].n);
        assert_int_equal(check(p), PARASOL_CORRUPT);
        assert_int_equal(repair(p, NULL, 1), PARASOL_OK);
        assert_int_equal(check(p), PARASOL_CORRUPT);
        assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
        assert_int_equal(p->info.changed, 1);
        assert_int_equal(p->info.commit, 1);
        assert_int_equal(p->info.rebuilt, 0);
        uint8_t *after = scratch_read(path, &m);
        assert_int_equal(m, n);
        assert_memory_equal(before, after, n);
        free(after);
    }
    scratch_write(path, before, n - 64); /* cut off */
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->info.rebuilt, 0);
    assert_sound(p);
    free(before);
}

/* Documents can then be read where a page is damaged, too. */
static void repair_frame__and_a_page(void **state)
{
    place *p = *state;
    char path[700];
    build(p, 1);
    path_of(p, path, "s2.seg");
    damage(p, "s2.seg", 5); /* POSITIONS */
    damage_at(path, 10, 1);
    damage_at(path, -60, 1);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->info.stored, EACH);
    assert_int_equal(p->info.lost, 0);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS);
}

/* A file that cannot be opened at all takes its documents with it, and the rest
   is searched again. */
static void repair_segment__gone(void **state)
{
    place *p = *state;
    char path[700];
    build(p, 1);
    path_of(p, path, "s2.seg");
    assert_int_equal(remove(path), 0);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->info.lost, EACH);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS - EACH);
}

static void repair_manifest__of_segments(void **state)
{
    static const size_t places[] = {3, 30, 130, 230, 240, 280};
    place *p = *state;
    char path[700];
    size_t n;
    build(p, 1);
    path_of(p, path, "manifest.1");
    uint8_t *bytes = scratch_read(path, &n);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        uint64_t before = p->info.commit;
        if (i > 0) {
            (void)snprintf(path, sizeof path, "%s/manifest.%llu", p->index,
                           (unsigned long long)before);
            free(bytes);
            bytes = scratch_read(path, &n);
        }
        bytes[places[i]] ^= 0xff;
        scratch_write(path, bytes, n);
        assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
        assert_int_equal(p->info.lost, 0);
        assert_true(p->info.commit > before);
        assert_sound(p);
        assert_int_equal(count(p, "*"), DOCUMENTS);
    }
    (void)snprintf(path, sizeof path, "%s/manifest.%llu", p->index,
                   (unsigned long long)p->info.commit);
    assert_int_equal(remove(path), 0);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_sound(p);
    assert_int_equal(count(p, "\"treaty number5\""), 1);
    free(bytes);
}

static void add_line(parasol_indexer *w, unsigned i, const char *text)
{
    char id[32];
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    (void)snprintf(id, sizeof id, "d%03u.txt", i);
    doc.id = id;
    doc.title = "Replaced";
    doc.text = text;
    doc.text_len = strlen(text);
    assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
}

/* Replaces every tenth document, and removes `removed` others. */
static void update(place *p, unsigned removed)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.update = PARASOL_UPDATE;
    o.no_merge = 1;
    assert_int_equal(parasol_indexer_open(&w, p->index, &o, NULL), PARASOL_OK);
    for (unsigned i = 0; i < DOCUMENTS; i += 10)
        add_line(w, i, "something quite different");
    for (unsigned i = 0; i < removed; i++) {
        char id[32];
        int found = 0;
        (void)snprintf(id, sizeof id, "d%03u.txt", 10 * i + 3);
        assert_int_equal(parasol_indexer_remove(w, id, &found, NULL),
                         PARASOL_OK);
        assert_int_equal(found, 1);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS - removed);
}

/* The name of the first file of that kind. */
static void first_of(const place *p, char kind, char out[300])
{
    struct dirent **names = NULL;
    int n = scandir(p->index, &names, NULL, alphasort);
    out[0] = 0;
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] == kind && strstr(names[i]->d_name, ".seg") &&
            !out[0])
            (void)snprintf(out, 300, "%s", names[i]->d_name);
        free(names[i]);
    }
    free(names);
    assert_true(out[0] != 0);
}

static void repair_live__replaced_documents(void **state)
{
    place *p = *state;
    char name[300];
    build(p, 1);
    update(p, 0);
    first_of(p, 'l', name);
    damage(p, name, 16);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->said[PARASOL_REPAIR_DOUBTFUL], 0);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS);
    assert_int_equal(count(p, "different"), DOCUMENTS / 10);
    assert_int_equal(count(p, "number10"), 0);
}

static void repair_live__removed_documents(void **state)
{
    place *p = *state;
    char name[300], path[700];
    build(p, 1);
    update(p, 12);
    first_of(p, 'l', name);
    path_of(p, path, name);
    assert_int_equal(remove(path), 0);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    /* They may be in the index again, which is said. */
    assert_int_equal(p->said[PARASOL_REPAIR_DOUBTFUL], 1);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS);
}

/* A damaged segment does not bring its dead documents back. */
static void repair_segment__with_dead_documents(void **state)
{
    place *p = *state;
    build(p, 1);
    update(p, 12);
    damage(p, "s1.seg", 2); /* TERMS */
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS - 12);
    assert_int_equal(count(p, "different"), DOCUMENTS / 10);
}

static void index_folder(place *p)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary summary = PARASOL_TREE_SUMMARY_INIT;
    o.update = PARASOL_UPDATE_FOLDERS;
    o.no_merge = 1;
    const char *folders[] = {p->folder};
    assert_int_equal(parasol_indexer_open(&w, p->index, &o, NULL), PARASOL_OK);
    assert_int_equal(
        parasol_indexer_sync_trees(w, folders, 1, NULL, &summary, NULL),
        PARASOL_OK);
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

/* The catalog says where the files are, and what documents were called that
   nothing else tells of. */
static void repair_folder__from_catalog(void **state)
{
    place *p = *state;
    char name[300], path[700];
    write_files(p);
    index_folder(p);
    first_of(p, 's', name);
    path_of(p, path, name);
    assert_int_equal(remove(path), 0);
    (void)snprintf(path, sizeof path, "%s/d007.txt", p->folder);
    assert_int_equal(remove(path), 0);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->info.reread, DOCUMENTS - 1);
    assert_int_equal(p->info.lost, 1);
    assert_string_equal(p->lost, "d007.txt");
    assert_sound(p);
    assert_int_equal(count(p, "number450"), 1);
    index_folder(p);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS - 1);
}

static void repair_folder__removed_documents(void **state)
{
    place *p = *state;
    char name[300], path[700];
    write_files(p);
    index_folder(p);
    for (unsigned i = 0; i < 5; i++) {
        (void)snprintf(path, sizeof path, "%s/d%03u.txt", p->folder, 7 * i);
        assert_int_equal(remove(path), 0);
    }
    index_folder(p);
    assert_int_equal(count(p, "*"), DOCUMENTS - 5);
    first_of(p, 'l', name);
    damage(p, name, 16);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->said[PARASOL_REPAIR_DOUBTFUL], 0);
    assert_sound(p);
    assert_int_equal(count(p, "*"), DOCUMENTS - 5);
}

/* Documents that the last commit added or replaced. */
static uint64_t index_again(place *p)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    const char *folders[] = {p->folder};
    o.update = PARASOL_UPDATE_FOLDERS;
    o.no_merge = 1;
    assert_int_equal(parasol_indexer_open(&w, p->index, &o, NULL), PARASOL_OK);
    assert_string_equal(parasol_indexer_why(w), ""); /* not made anew */
    assert_int_equal(
        parasol_indexer_sync_trees(w, folders, 1, NULL, &sum, NULL),
        PARASOL_OK);
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
    assert_sound(p);
    return sum.added + sum.changed + sum.removed;
}

/* Puts a document into the index that has no file. */
static void add_fed(place *p)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.update = PARASOL_UPDATE;
    o.no_merge = 1;
    assert_int_equal(parasol_indexer_open(&w, p->index, &o, NULL), PARASOL_OK);
    add_line(w, DOCUMENTS + 1, "fed");
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

/* Only the catalog is made again: files of blocks that can be read are as they
   were, the others are read, and what is no file stays. */
static void repair_folder__catalog(void **state)
{
    place *p = *state;
    char name[300], path[700];
    size_t n, m;
    write_files(p);
    index_folder(p);
    add_fed(p);
    path_of(p, path, "s1.seg");
    uint8_t *before = scratch_read(path, &n);
    first_of(p, 'f', name);
    damage(p, name, 17);
    (void)snprintf(path, sizeof path, "%s/d899.txt", p->folder);
    scratch_write(path, "new", 3);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->said[PARASOL_REPAIR_DID], 1);
    assert_int_equal(p->said[PARASOL_REPAIR_DOUBTFUL], 0);
    assert_int_equal(p->info.documents, DOCUMENTS + 1);
    assert_sound(p);
    path_of(p, path, "s1.seg");
    uint8_t *after = scratch_read(path, &m);
    assert_int_equal(m, n);
    assert_memory_equal(before, after, n);
    free(before);
    free(after);
    uint64_t changed = index_again(p);
    assert_in_range(changed, 2, 3 * 64 + 1);
    assert_int_equal(count(p, "new"), 1);
    assert_int_equal(count(p, "*"), DOCUMENTS + 1);
    assert_int_equal(index_again(p), 0);
}

/* Nothing of the catalog is there: a document whose file is gone may have been
   fed, so it stays, and that is said. */
static void repair_folder__catalog_gone(void **state)
{
    place *p = *state;
    char name[300], path[700];
    write_files(p);
    index_folder(p);
    add_fed(p);
    first_of(p, 'f', name);
    path_of(p, path, name);
    assert_int_equal(remove(path), 0);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK); /* where are the files? */
    assert_int_equal(p->said[PARASOL_REPAIR_DID], 1);
    index_folder(p);
    assert_int_equal(count(p, "*"), DOCUMENTS);
    add_fed(p);
    first_of(p, 'f', name);
    path_of(p, path, name);
    assert_int_equal(remove(path), 0);
    assert_int_equal(repair(p, p->folder, 0), PARASOL_OK);
    assert_int_equal(p->said[PARASOL_REPAIR_DOUBTFUL], 3);
    assert_int_equal(index_again(p), DOCUMENTS);
    assert_int_equal(count(p, "*"), DOCUMENTS + 1);
    assert_int_equal(index_again(p), 0);
}

/* What was read again by the repair is not read again by the next run; what was
   lost is, when its file comes back. */
static void repair_folder__reread_is_known(void **state)
{
    place *p = *state;
    char name[300], path[700];
    write_files(p);
    index_folder(p);
    first_of(p, 's', name);
    path_of(p, path, name);
    assert_int_equal(remove(path), 0);
    (void)snprintf(path, sizeof path, "%s/d007.txt", p->folder);
    assert_int_equal(remove(path), 0);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    assert_int_equal(p->info.lost, 1);
    scratch_write(path, "number7", 7);
    assert_int_equal(index_again(p), 1);
    assert_int_equal(count(p, "*"), DOCUMENTS);
}

static void repair_index__nothing_is_left(void **state)
{
    place *p = *state;
    build(p, 1);
    damage(p, "s1.seg", 4);
    assert_int_equal(repair(p, NULL, 0), PARASOL_OK);
    struct dirent **names = NULL;
    int n = scandir(p->index, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        assert_null(strstr(names[i]->d_name, ".tmp"));
        assert_string_not_equal(names[i]->d_name, "s1.seg");
        free(names[i]);
    }
    free(names);
}

static int upgrade(place *p, const char *folder)
{
    parasol_repair_options o = PARASOL_REPAIR_OPTIONS_INIT;
    parasol_error err = {0};
    memset(p->said, 0, sizeof p->said);
    p->info = (parasol_repair_info)PARASOL_REPAIR_INFO_INIT;
    o.folder = folder;
    o.report = on_event;
    o.user = p;
    return parasol_upgrade(p->index, &o, &p->info, &err);
}

static void upgrade_index__analysis(void **state)
{
    place *p = *state;
    build(p, 1);
    uint64_t before = count(p, "\"armed attacks\"");
    assert_int_equal(upgrade(p, NULL), PARASOL_OK);
    assert_int_equal(p->info.changed, 0);
    age(p);
    parasol_searcher *s = NULL;
    assert_int_equal(parasol_searcher_open(&s, p->index, NULL, NULL),
                     PARASOL_VERSION);
    assert_int_equal(upgrade(p, NULL), PARASOL_OK);
    assert_int_equal(p->info.changed, 1);
    assert_int_equal(p->info.stored, DOCUMENTS);
    assert_sound(p);
    assert_int_equal(count(p, "\"armed attacks\""), before);
    assert_int_equal(upgrade(p, NULL), PARASOL_OK);
    assert_int_equal(p->info.changed, 0);
}

static void upgrade_index__without_text(void **state)
{
    place *p = *state;
    build(p, 0);
    age(p);
    assert_int_equal(upgrade(p, NULL), PARASOL_NOTFOUND);
    assert_int_equal(p->said[PARASOL_REPAIR_LOST], DOCUMENTS);
    write_files(p);
    assert_int_equal(upgrade(p, p->folder), PARASOL_OK);
    assert_int_equal(p->info.reread, DOCUMENTS);
    assert_sound(p);
    assert_int_equal(count(p, "number123"), 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(repair_index__sound),
        TEST(repair_index__not_there),
        TEST(repair_segment__from_its_text),
        TEST(repair_segment__from_files),
        TEST(repair_segment__some_lost),
        TEST(repair_segment__gone),
        TEST(repair_frame__alone),
        TEST(repair_frame__and_a_page),
        TEST(repair_manifest__of_segments),
        TEST(repair_index__nothing_is_left),
        TEST(repair_live__replaced_documents),
        TEST(repair_live__removed_documents),
        TEST(repair_segment__with_dead_documents),
        TEST(repair_folder__from_catalog),
        TEST(repair_folder__removed_documents),
        TEST(repair_folder__catalog),
        TEST(repair_folder__catalog_gone),
        TEST(repair_folder__reread_is_known),
        TEST(upgrade_index__analysis),
        TEST(upgrade_index__without_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
