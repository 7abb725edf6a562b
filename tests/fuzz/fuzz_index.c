/*
 * A whole index, changed anywhere, under right checksums: segments, dead
 * documents, the lists of files, the manifest, the packed form. Opened,
 * searched in every way, checked, copied, merged, and updated: each gives an
 * error with a sentence or some answer, and touches nothing that is not its
 * own.
 *
 * Input: the number of an index that is made here; then steps of eight bytes
 * that damage it: file, operation, value (u16), offset (u32).
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parasol/check.h>
#include <parasol/parasol.h>
#include <parasol/upkeep.h>

#include "common/base/buf.h"
#include "common/base/ints.h"
#include "common/format/manifest.h"
#include "indexer/write/live_writer.h"
#include "tests/fuzz/repair.h"
#include "tests/support/scratch.h"

enum { BASES = 4, FILES_MAX = 16, STEP = 8, STEPS_MAX = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const queries[] = {
    "alpha",
    "alpha OR beta OR rare OR word3",
    "+alpha +beta -rare",
    "* -=betas",
    "\"alpha beta\" gamma^3",
    "alpha NEAR/3 (beta OR \"gamma delta\")",
    "+=betas title:epsilon",
    "kind:even pages:[3 TO 40] path:d1* date:2014",
    "(alpha rare word3)@2 tag:(t1 | t3)",
    "al* OR /wor.[1-4]/ OR beto~1",
};
#define QUERIES (sizeof queries / sizeof queries[0])

typedef struct base {
    repair_file files[FILES_MAX];
    size_t n;
} base;

static struct {
    bool ready;
    scratch dir;
    char index[600];
    base bases[BASES];
    parasol_query *queries[QUERIES];
} lab;

static void need(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "fuzz_index: %s\n", what);
    abort();
}

/* ---- indexes to begin with ---------------------------------------------- */

static int add_document(parasol_indexer *w, unsigned i, parasol_error *err)
{
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    char id[32], text[200], pages[16], tag[16];
    (void)snprintf(id, sizeof id, "d%u", i * 7 % 64); /* not in order */
    (void)snprintf(pages, sizeof pages, "%u", i % 50);
    (void)snprintf(tag, sizeof tag, "t%u", i % 6);
    parasol_meta meta[] = {{"kind", i % 2 ? "odd" : "even"},
                           {"pages", pages},
                           {"tag", tag},
                           {"tag", "t3"}};
    doc.id = id;
    doc.title = i % 4 ? "" : "Titled epsilon";
    doc.date = i % 5 ? "" : "2014-03";
    doc.text = text;
    doc.text_len = (size_t)snprintf(
        text, sizeof text, "alpha beta%s %s word%u %s", i % 3 ? "" : "s",
        i % 2 ? "gamma delta" : "delta gamma", i % 7,
        i % 50 ? "alpha" : "rare");
    doc.meta = meta;
    doc.meta_count = i % 40 ? 2 : 4;
    return parasol_indexer_add(w, &doc, err);
}

static void make_documents(const char *path, unsigned docs,
                           unsigned segment_docs)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.segment_docs = segment_docs;
    o.jobs = 1;
    int rc = parasol_indexer_open(&w, path, &o, NULL);
    for (unsigned i = 0; i < docs && !rc; i++)
        rc = add_document(w, i, NULL);
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, NULL);
    parasol_indexer_close(w);
    need(rc == PARASOL_OK, "an index to begin with cannot be made");
}

/* From a folder: with files that are not searchable. */
static void make_tree(const char *path)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    char folder[700], name[800];
    (void)snprintf(folder, sizeof folder, "%s/source", lab.dir.dir);
    need(mkdir(folder, 0777) == 0, folder);
    (void)snprintf(name, sizeof name, "%s/a.txt", folder);
    scratch_write(name, "alpha beta gamma", 16);
    (void)snprintf(name, sizeof name, "%s/b.md", folder);
    scratch_write(name, "# Titled epsilon\n\nalphas rare\n", 30);
    (void)snprintf(name, sizeof name, "%s/empty.txt", folder);
    scratch_write(name, "", 0);
    (void)snprintf(name, sizeof name, "%s/z.bin", folder);
    scratch_write(name, "\0\1\2\3\0\0\0\0", 8);
    o.jobs = 1;
    int rc = parasol_indexer_open(&w, path, &o, NULL);
    if (!rc)
        rc = parasol_indexer_add_tree(w, folder, NULL, &sum, NULL);
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, NULL);
    parasol_indexer_close(w);
    need(rc == PARASOL_OK, "an index of a folder cannot be made");
}

/* Every third document of the first segment dies. */
static void bury(const char *path)
{
    pc_manifest m;
    pc_buf out;
    char name[800];
    uint64_t alive[64];
    need(pc_manifest_newest(path, &m, NULL, NULL) == PARASOL_OK, path);
    memset(alive, 0, sizeof alive);
    for (uint32_t d = 0; d < m.segments[0].docs; d++)
        alive[d / 64] |= (uint64_t)(d % 3 != 0) << (d % 64);
    need(pi_live_write(path, m.next_segment++, alive, &m.segments[0], NULL,
                       NULL) == PARASOL_OK,
         path);
    pc_buf_init(&out, NULL);
    m.commit++;
    pc_manifest_put(&m, &out);
    (void)snprintf(name, sizeof name, "%s/manifest.%llu", path,
                   (unsigned long long)m.commit);
    scratch_write(name, out.ptr, out.len);
    (void)snprintf(name, sizeof name, "%s/manifest.%llu", path,
                   (unsigned long long)m.commit - 1);
    need(remove(name) == 0, name);
    pc_buf_release(&out);
    pc_manifest_release(&m);
}

static void take(base *b, const char *folder, const char *name)
{
    char path[900];
    need(b->n < FILES_MAX, "too many files");
    repair_file *f = &b->files[b->n++];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)snprintf(f->name, sizeof f->name, "%s", name);
    f->bytes = scratch_read(path, &f->len);
}

static void take_all(base *b, const char *folder)
{
    struct dirent **names = NULL;
    int n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (strstr(names[i]->d_name, ".seg") ||
            strncmp(names[i]->d_name, "manifest.", 9) == 0)
            take(b, folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    need(b->n >= 2, folder);
}

static void tidy(void)
{
    for (unsigned b = 0; b < BASES; b++) {
        for (size_t i = 0; i < lab.bases[b].n; i++)
            free(lab.bases[b].files[i].bytes);
    }
    for (unsigned i = 0; i < QUERIES; i++)
        parasol_query_free(lab.queries[i]);
    scratch_remove(&lab.dir);
}

static void get_ready(void)
{
    char path[800];
    if (lab.ready)
        return;
    lab.ready = true;
    scratch_make(&lab.dir);
    (void)snprintf(lab.index, sizeof lab.index, "%s/index", lab.dir.dir);
    (void)snprintf(path, sizeof path, "%s/tree", lab.dir.dir);
    make_tree(path);
    take_all(&lab.bases[0], path);
    (void)snprintf(path, sizeof path, "%s/parts", lab.dir.dir);
    make_documents(path, 60, 40);
    bury(path);
    take_all(&lab.bases[1], path);
    need(parasol_index_pack(path, scratch_path(&lab.dir, "packed"), NULL, NULL,
                            NULL) == PARASOL_OK,
         "cannot pack");
    take(&lab.bases[2], lab.dir.dir, "packed");
    (void)snprintf(path, sizeof path, "%s/whole", lab.dir.dir);
    make_documents(path, 60, 0);
    need(parasol_optimize(path, NULL, NULL, NULL) == PARASOL_OK, path);
    take_all(&lab.bases[3], path);
    for (unsigned i = 0; i < QUERIES; i++)
        need(parasol_query_parse(&lab.queries[i], queries[i],
                                 strlen(queries[i]), NULL, NULL) == PARASOL_OK,
             queries[i]);
    (void)atexit(tidy);
}

/* ---- damage ------------------------------------------------------------- */

/* Overwrites as much of `size` bytes as there are. */
static void store(repair_file *f, size_t at, uint64_t v, size_t size)
{
    uint8_t raw[8];
    pc_store64le(raw, v);
    memcpy(f->bytes + at, raw, size < f->len - at ? size : f->len - at);
}

static void damage(base *b, const uint8_t *step)
{
    repair_file *f = &b->files[step[0] % b->n];
    uint16_t v = pc_load16le(step + 2);
    uint32_t where = pc_load32le(step + 4);
    uint64_t small = (uint64_t)(int64_t)(int16_t)v;
    if (f->len == 0)
        return;
    /* Half of them near the end, where the tables are. */
    size_t tail = f->len < 256 ? f->len : 256;
    size_t at = step[1] & 0x80 ? f->len - 1 - where % tail : where % f->len;
    switch (step[1] % 8) {
    case 0: f->bytes[at] = (uint8_t)v; break;
    case 1: f->bytes[at] ^= (uint8_t)(v | 1); break;
    case 2: f->bytes[at] = (uint8_t)(f->bytes[at] + (v % 2 ? 1 : 255)); break;
    case 3: store(f, at & ~(size_t)3, small, 4); break;
    case 4: store(f, at & ~(size_t)7, small, 8); break;
    case 5: store(f, at & ~(size_t)1, v, 2); break;
    case 6:
        memset(f->bytes + at, (int)v,
               v % 64 < f->len - at ? v % 64 : f->len - at);
        break;
    default:
        if (v % 16 == 0)
            f->len = at;
        break;
    }
}

static void write_index(const base *b)
{
    char path[800];
    scratch_empty(lab.index, 2);
    (void)mkdir(lab.index, 0777);
    for (size_t i = 0; i < b->n; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", lab.index, b->files[i].name);
        scratch_write(path, b->files[i].bytes, b->files[i].len);
    }
}

/* ---- use ---------------------------------------------------------------- */

static void judge(int rc, const parasol_error *err)
{
    /* Without its magic, a packed index is none; and what was analysed
       otherwise is not updated. */
    bool none = rc == PARASOL_NOTFOUND && strstr(err->message, "no index");
    bool other =
        rc == PARASOL_ARG && strstr(err->message, "cannot be updated") != NULL;
    bool known = none || other || rc == PARASOL_OK || rc == PARASOL_CORRUPT ||
                 rc == PARASOL_VERSION || rc == PARASOL_FULL ||
                 rc == PARASOL_IO;
    if (!known)
        (void)fprintf(stderr, "status %d: %s\n", rc, err->message);
    need(known, "an unexpected status");
    need(rc == PARASOL_OK || (err->code == rc && err->message[0]),
         "a status without a sentence");
}

static void look(parasol_searcher *s, const parasol_query *q,
                 const parasol_search_options *o)
{
    parasol_result *r = NULL;
    parasol_error err = {0};
    int rc = parasol_search(&r, s, q, o, &err);
    judge(rc, &err);
    for (size_t i = 0; !rc && i < parasol_result_count(r) && i < 3; i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        err = (parasol_error){0};
        judge(parasol_result_hit(r, i, &hit, &err), &err);
        err = (parasol_error){0};
        judge(parasol_result_snippet(r, i, 100, &snippet, &err), &err);
    }
    parasol_result_free(r);
}

static void search(const char *path, unsigned turn)
{
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    int rc = parasol_searcher_open(&s, path, NULL, &err);
    judge(rc, &err);
    for (size_t i = 0; !rc && i < QUERIES; i++) {
        parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
        o.exact_total = i % 2 == 0;
        o.exhaustive = (turn + i) % 3 == 0;
        o.limit = (turn + i) % 5 ? 10 : 0;
        look(s, lab.queries[i], &o);
    }
    parasol_searcher_close(s);
}

static void read_all(const char *path)
{
    parasol_error err = {0};
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    char id[PARASOL_ID_ROOM];
    judge(parasol_index_id(path, id, &err), &err);
    err = (parasol_error){0};
    o.deep = 1;
    judge(parasol_check(path, &o, NULL, &err), &err);
}

/* A packed index is read as a directory. */
static void unpack(const char *path)
{
    parasol_error err = {0};
    char copy[800];
    (void)snprintf(copy, sizeof copy, "%s/copy", lab.index);
    int rc = parasol_index_backup(path, copy, NULL, NULL, &err);
    judge(rc, &err);
    if (!rc)
        read_all(copy);
}

/* What writes: a copy, a merge, a document more. */
static void write_all(const char *path, unsigned turn)
{
    parasol_error err = {0};
    parasol_indexer *w = NULL;
    const char *copy = scratch_path(&lab.dir, "copy");
    (void)remove(copy);
    judge(parasol_index_pack(path, copy, NULL, NULL, &err), &err);
    err = (parasol_error){0};
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    o.jobs = 1;
    o.order = (int)(turn % 3);
    int found = 0;
    int rc = PARASOL_OK;
    if (turn % 8 == 1)
        rc = parasol_optimize(path, &o, NULL, &err);
    judge(rc, &err);
    err = (parasol_error){0};
    parasol_indexer_options options = PARASOL_INDEXER_OPTIONS_INIT;
    options.jobs = 1;
    options.update = turn % 3 ? PARASOL_UPDATE : PARASOL_UPDATE_NONE;
    rc = parasol_indexer_open(&w, path, &options, &err);
    for (unsigned i = 0; i < 3 && !rc; i++)
        rc = add_document(w, turn + i * 20, &err);
    if (!rc && turn % 3)
        rc = parasol_indexer_remove(w, "d14", &found, &err);
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, &err);
    judge(rc, &err);
    parasol_indexer_close(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    base b = {.n = 0};
    get_ready();
    if (size == 0)
        return 0;
    const base *from = &lab.bases[data[0] % BASES];
    for (size_t i = 0; i < from->n; i++) {
        b.files[i] = from->files[i];
        b.files[i].bytes = malloc(from->files[i].len);
        need(b.files[i].bytes != NULL, "malloc");
        memcpy(b.files[i].bytes, from->files[i].bytes, from->files[i].len);
    }
    b.n = from->n;
    for (size_t at = 1; at + STEP <= size && at < STEP * STEPS_MAX; at += STEP)
        damage(&b, data + at);
    repair_index(b.files, b.n);
    write_index(&b);
    char path[800];
    bool packed = from == &lab.bases[2];
    (void)snprintf(path, sizeof path, "%s%s", lab.index,
                   packed ? "/packed" : "");
    unsigned turn = data[size - 1] + (unsigned)size;
    search(path, turn);
    if (packed && turn % 4 == 0)
        unpack(path);
    else if (turn % 2 == 0)
        read_all(path); /* these take longer than all searches */
    if (!packed && turn % 4 == 1)
        write_all(path, turn);
    for (size_t i = 0; i < b.n; i++)
        free(b.files[i].bytes);
    return 0;
}
