/*
 * Any bytes as the sections of a segment, under right checksums: opened,
 * scanned, searched in every way, merged. Whatever the sections say, the reader
 * gives an error with a sentence or some answer, and touches nothing that is
 * not its own. Build with -fsanitize=fuzzer, or with standalone.c.
 *
 * Input "R": for each of the eleven sections its length (u16, 0xffff: there
 * is none), then their bytes.
 * Input "S": the number of a segment that is made here, then steps of eight
 * bytes that damage it: section (230 and above: those that not every segment
 * has), operation, value (u16), offset (u32).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parasol/parasol.h>

#include "common/base/buf.h"
#include "common/base/ints.h"
#include "common/format/manifest.h"
#include "common/format/name.h"
#include "common/segment/seg.h"
#include "indexer/merge/merge.h"
#include "indexer/write/out.h"
#include "tests/support/scratch.h"

#define NEEDED 11u   /* META to FIELDS_INDEX of magic.h, in its numbers */
#define SECTIONS 16u /* and those of `more` */
#define BASES 4u
#define MIXED 3u /* the base with several languages */
#define STEP 8u
#define STEPS_MAX 64u
#define ABSENT 0xffffu

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t more[SECTIONS - NEEDED] = {
    PC_SECTION_SKIPS, PC_SECTION_ORDER, PC_SECTION_COLUMNS, PC_SECTION_IDS,
    PC_SECTION_LANGUAGES};

static const char *const queries[] = {
    "alpha",
    "alpha beta gamma",
    "alpha OR beta OR gamma OR delta OR rare OR word3 OR epsilon OR titled",
    "+alpha +beta",
    "+delta +rare gamma^3",
    "+word1 +word2 -rare",
    "alpha -word3",
    "-alpha",
    "*",
    "* -=betas",
    "\"alpha beta\"",
    "\"delta gamma word1\"",
    "\"gamma gamma\"",
    "=alphas",
    "=\"alphas beta\"",
    "+=betas \"gamma delta\"^0",
    "+(alpha OR \"beta gamma\") +(delta -=gammas) word5",
    "(+alpha (+beta =alphas)) (rare OR +titled)",
    "rare",
    "\"titled epsilon alpha\" OR missing",
    "\"gamma alpha\"~5 title:epsilon",
    "alpha NEAR/3 (beta OR \"gamma delta\")",
    "alpha kind:even date:2014 path:d1*",
    "tag:(t1 | t3) pages:[3 TO 40]",
    "(alpha rare word3)@2 kind:odd^=1 -tag:t2",
    "vertr\xc3\xa4ge alpha \xe6\x9d\xa1\xe7\xb4\x84",
    "+\xe6\x9d\xa1\xe7\xb4\x84 word3 lang:ja",
    "\"die vertr\xc3\xa4ge\" OR \"\xe6\x9d\xa1\xe7\xb4\x84\" lang:(de | ja)"};
#define QUERIES (sizeof queries / sizeof queries[0])

typedef struct image {
    pc_buf sections[SECTIONS];
    bool absent[SECTIONS];
} image;

static struct {
    bool ready;
    scratch dir;
    char index[600]; /* the directory that is searched */
    struct {
        char spec[256]; /* of the analyzer */
        uint64_t fingerprint;
        image image;
    } bases[BASES];
    pc_seg *sound[2]; /* of the first base, and of the one with languages */
    parasol_query *queries[QUERIES];
} lab;

static void need(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "fuzz_segment: %s\n", what);
    abort();
}

/* ---- segments to begin with --------------------------------------------- */

/* Words so that lists have one, some, many documents; forms of one stem; and
   few frequencies (delta) and gaps (clump) are much larger than the others. */
static size_t make_text(char *out, size_t room, unsigned i)
{
    int n = snprintf(out, room, "alpha beta%s %s word%u %s %s%s%s",
                     i % 3 ? "" : "s", i % 2 ? "gamma delta" : "delta gamma",
                     i % 7, i % 130 == 5 ? "rare" : "alpha",
                     i % 11 ? "" : "alphas beta gamma",
                     i % 90 == 7 ? " delta delta delta delta delta delta" : "",
                     i < 40 || i % 100 == 99 ? " clump" : "");
    return n > 0 ? (size_t)n : 0;
}

/* In front of a document, so that its language is plain. */
static const char *const tongues[] = {
    "",
    "Die Vertr\xc3\xa4ge sind von allen Staaten unterzeichnet, und der Rat hat "
    "sie nicht ge\xc3\xa4ndert. ",
    "\xe6\x9d\xa1\xe7\xb4\x84\xe3\x81\xaf\xe7\x81\xaf\xe5\x8f\xb0\xe3\x81"
    "\xae\xe8\xa6\x8f\xe5\xae\x9a\xe3\x81\xa7\xe3\x81\x82\xe3\x82\x8b"
    "\xe3\x80\x82",
    "The council of the states has agreed that this is to be the rule. "};

static void make_index(const char *path, unsigned docs, bool mixed)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    char id[32], text[400];
    o.language = mixed ? "auto" : NULL;
    int rc = parasol_indexer_open(&w, path, &o, NULL);
    for (unsigned i = 0; i < docs && !rc; i++) {
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "d%u", i);
        doc.id = id;
        doc.title = i % 4 ? "" : "Titled epsilon";
        doc.date = i % 5 ? "" : "2014-03";
        doc.text = text;
        doc.text_len = (size_t)snprintf(text, sizeof text, "%s",
                                        mixed ? tongues[i % 4] : "");
        doc.text_len +=
            make_text(text + doc.text_len, sizeof text - doc.text_len, i);
        char pages[16], tag[16];
        (void)snprintf(pages, sizeof pages, "%u", i % 50);
        (void)snprintf(tag, sizeof tag, "t%u", i % 6);
        parasol_meta meta[] = {{"kind", i % 2 ? "odd" : "even"},
                               {"pages", pages},
                               {"tag", tag},
                               {"tag", "t3"}};
        doc.meta = meta;
        doc.meta_count = i % 40 ? 2 : 4;
        rc = parasol_indexer_add(w, &doc, NULL);
    }
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, NULL);
    parasol_indexer_close(w);
    need(rc == PARASOL_OK, "a segment to begin with cannot be made");
}

/* The number of section i of an image. */
static uint32_t id_of(unsigned i)
{
    return i < NEEDED ? i + 1 : more[i - NEEDED];
}

static void take_sections(const char *path, image *out)
{
    pc_sealed *f = NULL;
    need(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, NULL) == PARASOL_OK,
         path);
    for (unsigned i = 0; i < SECTIONS; i++) {
        pc_section s;
        pc_buf_init(&out->sections[i], NULL);
        out->absent[i] = !pc_sealed_has(f, id_of(i), &s);
        need(!out->absent[i] || i >= NEEDED, "a section is missing");
        if (!out->absent[i])
            pc_buf_put(&out->sections[i], s.ptr, (size_t)s.len);
    }
    pc_sealed_close(f);
}

static void tidy(void)
{
    pc_seg_close(lab.sound[0]);
    pc_seg_close(lab.sound[1]);
    for (unsigned b = 0; b < BASES; b++) {
        for (unsigned i = 0; i < SECTIONS; i++)
            pc_buf_release(&lab.bases[b].image.sections[i]);
    }
    for (unsigned i = 0; i < QUERIES; i++)
        parasol_query_free(lab.queries[i]);
    scratch_remove(&lab.dir);
}

static void make_base(unsigned b, unsigned docs)
{
    pc_manifest m;
    char name[32], path[800];
    (void)snprintf(name, sizeof name, "base%u", b);
    (void)snprintf(path, sizeof path, "%s", scratch_path(&lab.dir, name));
    make_index(path, docs, b == MIXED);
    if (b == 1)
        need(parasol_optimize(path, NULL, NULL, NULL) == PARASOL_OK, path);
    need(pc_manifest_newest(path, &m, NULL, NULL) == PARASOL_OK, path);
    lab.bases[b].fingerprint = m.fingerprint;
    (void)snprintf(lab.bases[b].spec, sizeof lab.bases[b].spec, "%.*s",
                   PC_STR_ARG(m.analyzer_spec));
    pc_manifest_release(&m);
    (void)snprintf(path, sizeof path, "%s/base%u/s%u.seg", lab.dir.dir, b,
                   b == 1 ? 2 : 1);
    take_sections(path, &lab.bases[b].image);
    if (b == 0 || b == MIXED)
        need(pc_seg_open(&lab.sound[b == MIXED], path, NULL, NULL) ==
                 PARASOL_OK,
             path);
}

static void get_ready(void)
{
    static const unsigned docs[BASES] = {4, 140, 4200, 150};
    if (lab.ready)
        return;
    lab.ready = true;
    scratch_make(&lab.dir);
    for (unsigned b = 0; b < BASES; b++)
        make_base(b, docs[b]);
    need(lab.sound[1]->languages.n == 3, "not so many languages as there are");
    (void)snprintf(lab.index, sizeof lab.index, "%s",
                   scratch_path(&lab.dir, "index"));
    make_index(lab.index, 1, false); /* makes the directory */
    for (unsigned i = 0; i < QUERIES; i++)
        need(parasol_query_parse(&lab.queries[i], queries[i],
                                 strlen(queries[i]), NULL, NULL) == PARASOL_OK,
             queries[i]);
    (void)atexit(tidy);
}

/* ---- input to image ----------------------------------------------------- */

static void read_raw(const uint8_t *p, size_t n, image *out)
{
    size_t at = 2 * NEEDED;
    for (unsigned i = NEEDED; i < SECTIONS; i++)
        out->absent[i] = true;
    for (unsigned i = 0; i < NEEDED; i++) {
        size_t len = n >= 2 * NEEDED ? pc_load16le(p + 2 * (size_t)i) : 0;
        out->absent[i] = len == ABSENT;
        if (len == ABSENT || at >= n)
            continue;
        len = len < n - at ? len : n - at;
        pc_buf_put(&out->sections[i], p + at, len);
        at += len;
    }
}

static void cut(pc_buf *b, size_t at, size_t n)
{
    n = n < b->len - at ? n : b->len - at;
    memmove(b->ptr + at, b->ptr + at + n, b->len - at - n);
    b->len -= n;
}

static void widen(pc_buf *b, size_t at, size_t n)
{
    if (!pc_buf_reserve(b, n))
        return;
    memmove(b->ptr + at + n, b->ptr + at, b->len - at);
    b->len += n;
}

/* Overwrites as much of `size` bytes as there are. */
static void store(pc_buf *b, size_t at, uint64_t v, size_t size)
{
    uint8_t raw[8];
    pc_store64le(raw, v);
    memcpy(b->ptr + at, raw, size < b->len - at ? size : b->len - at);
}

static void damage(image *im, const uint8_t *step)
{
    unsigned i = step[0] < 230
                     ? step[0] % NEEDED
                     : NEEDED + (step[0] - 230u) % (SECTIONS - NEEDED);
    pc_buf *b = &im->sections[i];
    uint16_t v = pc_load16le(step + 2);
    if (b->len == 0)
        return;
    size_t at = pc_load32le(step + 4) % b->len;
    uint64_t small = (uint64_t)(int64_t)(int16_t)v;
    switch (step[1] % 10) {
    case 0: b->ptr[at] = (uint8_t)v; break;
    case 1: b->ptr[at] ^= (uint8_t)(v | 1); break;
    case 2: b->ptr[at] = (uint8_t)(b->ptr[at] + (v % 2 ? 1 : 255)); break;
    case 3: store(b, at & ~(size_t)3, small, 4); break;
    case 4: store(b, at & ~(size_t)7, small, 8); break;
    case 5: store(b, at & ~(size_t)1, v, 2); break;
    case 6: b->len = at; break;
    case 7: cut(b, at, v % 64); break;
    case 8: widen(b, at, v % 64); break;
    default: im->absent[i] = v % 4 == 0; break;
    }
}

static void read_script(const uint8_t *p, size_t n, image *out)
{
    const image *base = &lab.bases[n > 0 ? p[0] % BASES : 0].image;
    for (unsigned i = 0; i < SECTIONS; i++) {
        out->absent[i] = base->absent[i];
        pc_buf_put(&out->sections[i], base->sections[i].ptr,
                   base->sections[i].len);
    }
    for (size_t at = 1; at + STEP <= n && at < STEP * STEPS_MAX; at += STEP)
        damage(out, p + at);
}

/* ---- image to index ----------------------------------------------------- */

static void write_manifest(const image *im, unsigned base, uint64_t bytes,
                           uint32_t crc)
{
    pc_manifest m;
    pc_buf out;
    char path[800];
    const pc_buf *meta = &im->sections[PC_SECTION_META - 1];
    pc_manifest_segment entry = {.number = 1,
                                 .file_bytes = bytes,
                                 .trailer_crc = crc,
                                 .docs = meta->len >= 4 ? pc_load32le(meta->ptr)
                                                        : 0};
    pc_manifest_init(&m, NULL);
    pc_buf_init(&out, NULL);
    m.commit = 1;
    m.next_segment = 2;
    m.fingerprint = lab.bases[base].fingerprint;
    need(pc_manifest_set_spec(&m, pc_str_of(lab.bases[base].spec), NULL) ==
                 PARASOL_OK &&
             pc_manifest_add(&m, &entry, NULL) == PARASOL_OK,
         "manifest");
    pc_manifest_put(&m, &out);
    (void)snprintf(path, sizeof path, "%s/manifest.1", lab.index);
    scratch_write(path, out.ptr, out.len);
    pc_buf_release(&out);
    pc_manifest_release(&m);
}

static void write_index(const image *im, unsigned base)
{
    char path[800];
    pi_out *o = NULL;
    uint64_t bytes = 0;
    uint32_t crc = 0;
    (void)snprintf(path, sizeof path, "%s/s1.seg", lab.index);
    (void)remove(path);
    need(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, NULL) == 0, path);
    for (unsigned i = 0; i < SECTIONS; i++) {
        if (im->absent[i])
            continue;
        pi_out_begin(o, id_of(i));
        pi_out_put(o, im->sections[i].ptr, im->sections[i].len);
    }
    need(pi_out_finish(o, &bytes, &crc, NULL) == PARASOL_OK, path);
    write_manifest(im, base, bytes, crc);
}

/* ---- use ---------------------------------------------------------------- */

static void judge(int rc, const parasol_error *err)
{
    /* VERSION: of a language that no build knows. */
    need(rc == PARASOL_OK || rc == PARASOL_CORRUPT || rc == PARASOL_VERSION,
         "an unexpected status");
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
    if (rc)
        return;
    for (size_t i = 0; i < parasol_result_count(r) && i < 3; i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        parasol_str name, value;
        err = (parasol_error){0};
        rc = parasol_result_hit(r, i, &hit, &err);
        judge(rc, &err);
        if (!rc)
            need(hit.path.ptr[hit.path.len] == 0, "a path without an end");
        err = (parasol_error){0};
        judge(parasol_result_snippet(r, i, 100, &snippet, &err), &err);
        for (size_t k = 0; !rc; k++)
            rc = parasol_result_meta(r, i, k, &name, &value, NULL);
    }
    parasol_result_free(r);
}

/* Every query by the fast path, and in turn without pruning or only counted.
   Of a large segment, which takes long, every third. */
static void search_all(parasol_searcher *s, unsigned turn)
{
    parasol_searcher_info info = {.struct_size = sizeof info};
    parasol_searcher_describe(s, &info);
    unsigned step = info.documents > 1000 ? 3 : 1;
    for (size_t i = turn % step; i < QUERIES; i += step) {
        parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
        o.exact_total = i % 2 == 0;
        o.limit = i % 3 ? 10 : 2;
        o.k1 = i % 4 ? 1.2F : 0.0F;
        look(s, lab.queries[i], &o);
        o.b = i % 4 ? 0.75F : 1.0F;
        o.exhaustive = turn % 2;
        o.limit = turn % 2 ? 10 : 0;
        look(s, lab.queries[i], &o);
    }
}

/* What checkers and mergers will read: every entry, list and document. */
static void read_positions(pc_pos_reader *r, uint32_t b, const uint32_t *ids,
                           const uint32_t *tfs, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (pc_pos_reader_seek(r, b, i, ids, tfs, NULL))
            return;
        uint32_t *pos = calloc(tfs[i], sizeof *pos);
        if (pos && !pc_pos_reader_get(r, pos, NULL))
            (void)pc_pos_reader_variant(r, ids, tfs, tfs[i] - 1);
        free(pos);
    }
}

static void read_list(const pc_seg *seg, const pc_entry *e)
{
    static uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    pc_list l;
    pc_pos_reader r;
    if (!(e->flags & PC_ENTRY_TERM) || pc_list_open(&l, &seg->lists, e, NULL))
        return;
    pc_pos_reader_init(&r, &l);
    for (uint32_t b = 0; b < l.blocks; b++) {
        if (pc_list_ids(&l, b, ids, NULL) || pc_list_freqs(&l, b, tfs, NULL))
            return;
        for (uint32_t i = 0; i < pc_list_block_len(&l, b); i++)
            need(tfs[i] > 0 && ids[i] < seg->docs &&
                     (i == 0 || ids[i] > ids[i - 1]),
                 "a block that is not sound was not refused");
        read_positions(&r, b, ids, tfs, pc_list_block_len(&l, b));
        need(pc_list_seek(&l, 0, ids[0]) <= b || l.blocks > 1, "seek");
    }
}

static void read_columns(const pc_seg *seg)
{
    for (uint32_t i = 0; i < seg->columns.n; i++) {
        pc_column c;
        pc_column_scan scan;
        pc_str value;
        uint32_t rank;
        if (pc_columns_at(&seg->columns, i, &c, NULL))
            continue;
        pc_column_scan_init(&scan, &c);
        while (!pc_column_scan_next(&scan, &value, &rank, NULL))
            need(rank < c.values && value.len <= PC_COLUMN_VALUE_MAX,
                 "a value that is not sound was not refused");
        for (uint32_t k = 0; c.form == PC_COLUMN_SPARSE && k < c.pairs; k++)
            need(pc_column_doc(&c, k) < seg->docs, "a pair without a document");
    }
}

/* Merges the segment with a sound one: as it is, moved, or in part. */
static void merge_all(const pc_seg *seg, unsigned base, unsigned turn)
{
    char path[800];
    pi_out *out = NULL;
    parasol_error err = {0};
    uint32_t docs, *order = NULL;
    uint64_t live[128];
    memset(live, 0x5a, sizeof live);
    const pc_seg *sound = lab.sound[base == MIXED];
    pi_merge_source from[] = {{sound, NULL}, {seg, NULL}};
    if (turn % 3 == 1 && seg->docs < 64 * 128)
        from[1].live = live;
    uint32_t n = seg->docs + sound->docs;
    if (turn % 3 == 2 && n < 100000)
        order = calloc(n, sizeof *order);
    for (uint32_t i = 0; order && i < n; i++)
        order[i] = n - 1 - i;
    pi_merge_options o = {lab.dir.dir, order, 4096, NULL, NULL};
    (void)snprintf(path, sizeof path, "%s/merged.seg", lab.dir.dir);
    (void)remove(path);
    need(pi_out_create(&out, path, PC_KIND_SEGMENT, 1, NULL, NULL) == 0, path);
    judge(pi_merge(from, 2, &o, out, &docs, NULL, &err), &err);
    pi_out_abort(out);
    free(order);
}

static void read_all(const char *path, unsigned base, unsigned turn)
{
    pc_seg *seg = NULL;
    pc_entry e;
    pc_dict_scan scan;
    parasol_error err = {0};
    int rc = pc_seg_open(&seg, path, NULL, &err);
    judge(rc, &err);
    if (rc)
        return;
    pc_dict_scan_init(&scan, &seg->dict);
    for (unsigned i = 0; i < 500 && !pc_dict_scan_next(&scan, &e, NULL); i++)
        read_list(seg, &e);
    read_columns(seg);
    err = (parasol_error){0};
    if (seg->docs < 1000) /* it inflates a block for each document */
        judge(pc_store_verify(&seg->store, &err), &err);
    if (seg->docs < 100000)
        merge_all(seg, base, turn);
    pc_seg_close(seg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    image im;
    parasol_searcher *s = NULL;
    parasol_error err = {0};
    char path[800];
    get_ready();
    if (size == 0)
        return 0;
    for (unsigned i = 0; i < SECTIONS; i++) {
        pc_buf_init(&im.sections[i], NULL);
        im.absent[i] = false;
    }
    unsigned base = data[0] != 'R' && size > 1 ? data[1] % BASES : 0;
    if (data[0] == 'R')
        read_raw(data + 1, size - 1, &im);
    else
        read_script(data + 1, size - 1, &im);
    write_index(&im, base);
    for (unsigned i = 0; i < SECTIONS; i++)
        pc_buf_release(&im.sections[i]);
    int rc = parasol_searcher_open(&s, lab.index, NULL, &err);
    judge(rc, &err);
    if (!rc)
        search_all(s, data[size - 1] + (unsigned)size);
    parasol_searcher_close(s);
    (void)snprintf(path, sizeof path, "%s/s1.seg", lab.index);
    read_all(path, base, data[size / 2]);
    return 0;
}
