/* Posting lists through their writer: documents, frequencies, positions,
   peaks, for lists of every shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/ints.h"
#include "common/codec/damp.h"
#include "common/segment/positions.h"
#include "indexer/write/post_writer.h"
#include "tests/support/scratch.h"

typedef struct posting {
    uint32_t doc, tf, start; /* first occurrence in `pos` */
    uint8_t norm;
} posting;

/* A list as it should be. */
typedef struct model {
    posting *post;
    uint32_t df;
    uint32_t *pos; /* positions of all documents */
    uint16_t *variants;
    uint32_t ctf, cap;
    pc_entry entry;
} model;

/* How the lists of a test are made. */
typedef struct shape {
    uint32_t df, gap, tf, pos_gap, variants;
} shape;

#define LISTS 28u

typedef struct place {
    scratch dir;
    model lists[LISTS];
    uint32_t n;
    float damp[256];
    pc_sealed *file;
    pc_lists in;
} place;

/* The length class of a document, the same in all lists. */
static uint8_t norm_of(uint32_t doc)
{
    return (uint8_t)(doc * 2654435761u >> 24);
}

static uint32_t below(uint64_t *rng, uint32_t n)
{
    return (uint32_t)scratch_below(rng, n);
}

static void make_model(model *m, uint64_t *rng, const shape *s)
{
    memset(m, 0, sizeof *m);
    m->df = s->df;
    m->post = calloc(s->df, sizeof *m->post);
    m->cap = s->df * s->tf + 1;
    m->pos = calloc(m->cap, sizeof *m->pos);
    m->variants = calloc(m->cap, sizeof *m->variants);
    assert_true(m->post && m->pos && m->variants);
    uint32_t doc = PC_NO_DOC;
    for (uint32_t i = 0; i < s->df; i++) {
        posting *p = &m->post[i];
        /* Few gaps and frequencies are larger than most. */
        bool far = below(rng, 40) == 0, much = below(rng, 25) == 0;
        doc += 1 + below(rng, far ? 9 * s->gap : s->gap);
        *p = (posting){doc, 1 + below(rng, much ? s->tf : (s->tf + 3) / 4),
                       m->ctf, norm_of(doc)};
        uint32_t pos = (uint32_t)scratch_below(rng, s->pos_gap);
        for (uint32_t k = 0; k < p->tf; k++) {
            m->pos[m->ctf] = pos;
            m->variants[m->ctf++] = (uint16_t)scratch_below(rng, s->variants);
            pos += 1 + (uint32_t)scratch_below(rng, s->pos_gap);
        }
    }
}

static void write_model(pi_post_writer *w, model *m)
{
    uint32_t *gaps = calloc(m->ctf, sizeof *gaps);
    assert_non_null(gaps);
    pi_post_begin(w);
    for (uint32_t i = 0; i < m->df; i++) {
        const posting *p = &m->post[i];
        for (uint32_t k = 0; k < p->tf; k++)
            gaps[k] = m->pos[p->start + k] - (k ? m->pos[p->start + k - 1] : 0);
        pi_post_add(w, p->doc, p->tf, p->norm, gaps, m->variants + p->start);
    }
    pi_post_end(w, &m->entry);
    free(gaps);
}

static void open_place(place *p, uint64_t *rng, const shape *shapes, uint32_t n)
{
    pi_out *o;
    pi_post_writer *w = calloc(1, sizeof *w);
    uint32_t docs = 0;
    assert_non_null(w);
    scratch_make(&p->dir);
    pc_damp_table(p->damp, PC_DAMP_K1, PC_DAMP_B, 1000, 200000);
    assert_int_equal(pi_out_create(&o, scratch_path(&p->dir, "l"),
                                   PC_KIND_SEGMENT, 1, NULL, NULL),
                     PARASOL_OK);
    pi_post_writer_init(w, p->dir.dir, NULL, p->damp);
    p->n = n;
    for (uint32_t i = 0; i < n; i++) {
        model *m = &p->lists[i];
        make_model(m, rng, &shapes[i]);
        write_model(w, m);
        if (m->post[m->df - 1].doc >= docs)
            docs = m->post[m->df - 1].doc + 1;
    }
    pi_post_writer_finish(w, o);
    pi_post_writer_release(w);
    free(w);
    pi_out_begin(o, PC_SECTION_NORMS);
    for (uint32_t i = 0; i < docs; i++) {
        uint8_t norm = norm_of(i);
        pi_out_put(o, &norm, 1);
    }
    assert_int_equal(pi_out_finish(o, NULL, NULL, NULL), PARASOL_OK);
    assert_int_equal(pc_sealed_open(&p->file, scratch_path(&p->dir, "l"),
                                    PC_KIND_SEGMENT, NULL, NULL),
                     PARASOL_OK);
    assert_int_equal(pc_lists_open(&p->in, p->file, docs, NULL), PARASOL_OK);
    pc_section norms;
    assert_int_equal(pc_sealed_section(p->file, PC_SECTION_NORMS, &norms, NULL),
                     PARASOL_OK);
    p->in.norms[PC_FIELD_TEXT] = norms.ptr;
}

static void close_place(place *p)
{
    for (uint32_t i = 0; i < p->n; i++) {
        free(p->lists[i].post);
        free(p->lists[i].pos);
        free(p->lists[i].variants);
    }
    pc_sealed_close(p->file);
    scratch_remove(&p->dir);
}

/* ---- checks ------------------------------------------------------------- */

static void check_positions(const model *m, const posting *p, pc_pos_reader *r,
                            const uint32_t *ids, const uint32_t *tfs)
{
    uint32_t *out = calloc(p->tf, sizeof *out);
    assert_non_null(out);
    assert_int_equal(pc_pos_reader_get(r, out, NULL), PARASOL_OK);
    assert_memory_equal(out, m->pos + p->start, p->tf * sizeof *out);
    for (uint32_t k = 0; k < p->tf; k++)
        assert_int_equal(pc_pos_reader_variant(r, ids, tfs, k),
                         m->variants[p->start + k]);
    free(out);
}

/* The peaks of a posting's block, superblock and list are not below it. */
static void check_peaks(const place *p, const pc_list *l, uint32_t b,
                        const posting *x)
{
    uint16_t least = pc_peak_up(pc_share(x->tf, p->damp[x->norm]));
    assert_true(l->peak >= least);
    if (l->blocks == 1)
        return;
    assert_true(pc_load16le(l->peaks + 2 * (size_t)b) >= least);
    assert_true(pc_load16le(l->super_peaks + 2 * (size_t)(b / PC_SUPER)) >=
                least);
}

static int falling(const void *a, const void *b)
{
    const uint16_t *x = a, *y = b;
    return *x < *y ? 1 : *x > *y ? -1 : 0;
}

/* Hints are the shares of the 10th, 100th and 1000th best posting. */
static void check_hints(const place *p, const model *m, const pc_list *l)
{
    static const uint32_t ranks[PC_HINTS] = {10, 100, 1000};
    if (l->blocks == 1)
        return;
    uint16_t *shares = calloc(m->df, sizeof *shares);
    assert_non_null(shares);
    for (uint32_t i = 0; i < m->df; i++)
        shares[i] =
            pc_peak_down(pc_share(m->post[i].tf, p->damp[m->post[i].norm]));
    qsort(shares, m->df, sizeof *shares, falling);
    for (unsigned i = 0; i < PC_HINTS; i++)
        assert_int_equal(l->hints[i],
                         ranks[i] <= m->df ? shares[ranks[i] - 1] : 0);
    free(shares);
}

static void check_block(const place *pl, const model *m, const pc_list *l,
                        pc_pos_reader *r, uint32_t b, uint64_t *rng)
{
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    uint32_t n = pc_list_block_len(l, b);
    const posting *p = m->post + (size_t)b * PC_BLOCK;
    assert_int_equal(pc_list_ids(l, b, ids, NULL), PARASOL_OK);
    assert_int_equal(pc_list_freqs(l, b, tfs, NULL), PARASOL_OK);
    if (!l->is_inline) {
        uint32_t more[PC_BLOCK_ROOM], freqs[PC_BLOCK_ROOM];
        pc_block k;
        assert_int_equal(pc_list_ids_of(l, b, &k, more, NULL), PARASOL_OK);
        pc_block_freqs(&k, freqs);
        assert_memory_equal(ids, more, n * sizeof *ids);
        assert_memory_equal(tfs, freqs, n * sizeof *tfs);
    }
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(ids[i], p[i].doc);
        assert_int_equal(tfs[i], p[i].tf);
        check_peaks(pl, l, b, &p[i]);
    }
    for (uint32_t k = 0; k < n; k++) { /* in order, and in no order */
        uint32_t i = b % 2 ? (uint32_t)scratch_below(rng, n) : k;
        assert_int_equal(pc_pos_reader_seek(r, b, i, ids, tfs, NULL),
                         PARASOL_OK);
        check_positions(m, &p[i], r, ids, tfs);
    }
    if (l->blocks > 1)
        assert_int_equal(pc_list_last(l, b), ids[n - 1]);
    else
        assert_true(pc_list_last(l, b) >= ids[n - 1]);
}

/* pc_list_seek against a plain walk over the blocks. */
static void check_seek(const pc_list *l, uint32_t docs, uint64_t *rng)
{
    for (unsigned i = 0; i < 100; i++) {
        uint32_t from = (uint32_t)scratch_below(rng, l->blocks + 1);
        uint32_t doc = (uint32_t)scratch_below(rng, docs + 5u), b = from;
        while (b < l->blocks && pc_list_last(l, b) < doc)
            b++;
        assert_int_equal(pc_list_seek(l, from, doc), b);
    }
}

/* Offsets are as wide as they have to be. */
static void check_offsets(const pc_list *l)
{
    uint32_t most = 0;
    for (uint32_t b = 0; b < l->blocks && l->supers; b++)
        most = pc_list_pos_off(l, b) > most ? pc_list_pos_off(l, b) : most;
    assert_int_equal(l->wide_pos, most > UINT16_MAX);
}

static void check_list(const place *p, const model *m, uint64_t *rng)
{
    pc_list l;
    pc_pos_reader r;
    assert_int_equal(m->entry.df, m->df);
    assert_int_equal(m->entry.ctf, m->ctf);
    assert_int_equal(pc_list_open(&l, &p->in, &m->entry, NULL), PARASOL_OK);
    pc_pos_reader_init(&r, &l);
    for (uint32_t b = 0; b < l.blocks; b++)
        check_block(p, m, &l, &r, b, rng);
    for (uint32_t i = 0; i < 5; i++) /* and in no order */
        check_block(p, m, &l, &r, (uint32_t)scratch_below(rng, l.blocks), rng);
    check_offsets(&l);
    check_hints(p, m, &l);
    check_seek(&l, p->in.docs, rng);
}

static void check_shapes(const shape *shapes, uint32_t n)
{
    uint64_t rng = scratch_seed();
    place p;
    open_place(&p, &rng, shapes, n);
    for (uint32_t i = 0; i < p.n; i++)
        check_list(&p, &p.lists[i], &rng);
    close_place(&p);
}

/* ---- tests -------------------------------------------------------------- */

static void segment_list__round_trip_of_every_shape(void **state)
{
    (void)state;
    static const shape shapes[] = {
        {1, 1, 1, 1, 1},          {1, 900, 8, 50, 2},   {1, 9, 9, 50, 1},
        {2, 5, 1, 10, 1},         {2, 5, 4, 10, 300},   {3, 5, 2, 10, 2},
        {3, 5, 9, 10, 2},         {4, 5, 1, 10, 1},     {4, 5, 3, 10, 4},
        {8, 5, 2, 10, 1},         {8, 99, 3, 10, 3},    {9, 99, 1, 10, 3},
        {127, 3, 3, 40, 2},       {128, 1, 1, 40, 1},   {128, 900, 300, 9, 3},
        {129, 1, 1, 40, 1},       {129, 7, 2, 40, 9},   {256, 1, 1, 1, 1},
        {257, 40, 5, 400, 65536}, {4095, 2, 2, 9, 1},   {4096, 1, 1, 9, 1},
        {4097, 1, 2, 9, 2},       {8192, 3, 1, 9, 1},   {8193, 2, 3, 90, 2},
        {20000, 2, 1, 100, 1},    {300, 9999, 1, 5, 1}, {5, 1000000, 1, 5, 1},
        {4000, 2, 40, 400, 2}};
    _Static_assert(sizeof shapes / sizeof shapes[0] == LISTS, "all of them");
    check_shapes(shapes, LISTS);
}

/* Where all positions are 0, at the end of the section, nothing follows that a
   reader might take for a unit. */
static void segment_list__every_position_is_zero(void **state)
{
    (void)state;
    static const shape shapes[] = {{9, 1, 1, 1, 1},   {127, 1, 1, 1, 1},
                                   {129, 2, 1, 1, 1}, {256, 1, 1, 1, 1},
                                   {384, 3, 1, 1, 1}, {128, 2, 1, 1, 1}};
    for (uint32_t n = 1; n <= 6; n++)
        check_shapes(shapes, n);
}

static void segment_list__short_lists_live_in_the_entry(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const shape shapes[] = {
        {8, 9, 2, 9, 1}, {1, 9, 1, 9, 2}, {9, 9, 1, 9, 1}, {1, 9, 900, 9, 1}};
    place p;
    open_place(&p, &rng, shapes, 4);
    for (uint32_t i = 0; i < 4; i++) {
        const model *m = &p.lists[i];
        bool want = m->df <= PC_INLINE_DOCS && m->ctf <= PC_INLINE_OCCURRENCES;
        assert_int_equal((m->entry.flags & PC_ENTRY_INLINE) != 0, want);
    }
    close_place(&p);
}

static void segment_list__refuses_wrong_entries(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const shape shapes[] = {
        {2, 9, 2, 9, 2}, {100, 3, 2, 9, 1}, {5000, 3, 2, 9, 1}};
    place p;
    pc_list l;
    open_place(&p, &rng, shapes, 3);
    for (uint32_t i = 0; i < 3; i++) {
        pc_entry e = p.lists[i].entry;
        e.df = p.in.docs + 1;
        assert_int_equal(pc_list_open(&l, &p.in, &e, NULL), PARASOL_CORRUPT);
        e = p.lists[i].entry;
        e.inl.ids[e.df <= PC_INLINE_DOCS ? e.df - 1 : 0] = p.in.docs;
        if (e.flags & PC_ENTRY_INLINE) {
            assert_int_equal(pc_list_open(&l, &p.in, &e, NULL),
                             PARASOL_CORRUPT);
            continue;
        }
        e = p.lists[i].entry;
        e.post_off = p.in.postings.len + 1;
        assert_int_equal(pc_list_open(&l, &p.in, &e, NULL), PARASOL_CORRUPT);
        e = p.lists[i].entry;
        e.pos_len = UINT64_MAX - e.pos_off;
        assert_int_equal(pc_list_open(&l, &p.in, &e, NULL), PARASOL_CORRUPT);
        e = p.lists[i].entry;
        e.post_len = 3;
        assert_int_equal(pc_list_open(&l, &p.in, &e, NULL), PARASOL_CORRUPT);
    }
    close_place(&p);
}

/* Wide runs with exceptions could make a frequency 0 or a sum wrap around;
   others can only be too long. */
static void segment_list__refuses_impossible_widths(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const shape shapes[] = {{100, 3, 9, 9, 1}, {100, 3, 9, 9, 1}};
    place p;
    pc_list l;
    uint32_t out[PC_BLOCK_ROOM];
    open_place(&p, &rng, shapes, 2);
    for (unsigned run = 32; run < 256; run++) {
        parasol_error err = {0};
        if (PC_RUN_WIDTH(run) <= PC_RUN_PATCHED)
            continue;
        assert_int_equal(pc_list_open(&l, &p.in, &p.lists[0].entry, NULL),
                         PARASOL_OK);
        l.small = (pc_docblock_widths){0, (uint8_t)run};
        assert_int_equal(pc_list_freqs(&l, 0, out, &err), PARASOL_CORRUPT);
        assert_int_equal(err.code, PARASOL_CORRUPT);
        l.small = (pc_docblock_widths){(uint8_t)run, 0};
        if (run != PC_DOC_BITMAP)
            assert_int_equal(pc_list_ids(&l, 0, out, NULL), PARASOL_CORRUPT);
    }
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segment_list__round_trip_of_every_shape),
        cmocka_unit_test(segment_list__every_position_is_zero),
        cmocka_unit_test(segment_list__short_lists_live_in_the_entry),
        cmocka_unit_test(segment_list__refuses_wrong_entries),
        cmocka_unit_test(segment_list__refuses_impossible_widths),
    };
    return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
