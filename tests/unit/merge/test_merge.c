/*
 * Merging: the bytes must be those that indexing the same documents at once,
 * in the same order, gives. So every case is compared with an index that was
 * made that way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/ints.h"
#include "common/segment/seg.h"
#include "indexer/merge/merge.h"
#include "tests/support/babble.h"
#include "tests/support/scratch.h"

#define PARTS_MAX 12u

typedef struct place {
    scratch dir;
    babble talk;
    pc_seg *parts[PARTS_MAX];
    size_t n_parts;
    size_t first[PARTS_MAX + 1]; /* document of each part */
} place;

/* The language of all documents; NULL: each is in its own, and they are in
   several. */
static const char *language = "en";

static const char *const tongues[] = {
    "The council of the states has agreed that this is to be the rule, and "
    "they will not change what it says.",
    "Die Verträge sind von allen Staaten unterzeichnet, und der Rat hat sie "
    "nicht geändert, weil das nicht nötig war.",
    "条約は灯台の規定であり、すべての国がこれに署名したものである。", ""};

/* Some are long enough for another language to be theirs. */
static char *text_of(const babble_doc *doc, uint32_t number)
{
    size_t room = strlen(doc->text) + 1000, len = 0;
    char *text = calloc(1, room);
    assert_non_null(text);
    for (unsigned i = 0; !language && i < 4; i++)
        len += (size_t)snprintf(text + len, room - len, "%s ",
                                tongues[number * 7 / 3 % 4]);
    (void)snprintf(text + len, room - len, "%s", doc->text);
    return text;
}

/* Indexes the documents that `which` numbers; opens the one segment. */
static pc_seg *index_some(place *p, const char *name, const uint32_t *which,
                          size_t n)
{
    char path[700];
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    pc_seg *seg = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    (void)snprintf(path, sizeof path, "%s/%s", p->dir.dir, name);
    o.language = language ? language : "auto";
    if (parasol_indexer_open(&w, path, &o, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < n; i++) {
        const babble_doc *from = &p->talk.docs[which[i]];
        parasol_meta meta = {"kind", "test"};
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        doc.id = from->id;
        doc.title = from->title;
        char *text = text_of(from, which[i]);
        doc.text = text;
        doc.text_len = strlen(text);
        doc.meta = &meta;
        doc.meta_count = which[i] % 3 == 0;
        assert_int_equal(parasol_indexer_add(w, &doc, &err), PARASOL_OK);
        free(text);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, &err), PARASOL_OK);
    parasol_indexer_close(w);
    (void)snprintf(path, sizeof path, "%s/%s/s1.seg", p->dir.dir, name);
    if (pc_seg_open(&seg, path, NULL, &err))
        fail_msg("%s", err.message);
    return seg;
}

static void open_place(place *p, uint64_t seed, size_t docs, size_t longest,
                       size_t parts)
{
    uint32_t *all = calloc(docs + 1, sizeof *all);
    assert_non_null(all);
    *p = (place){.n_parts = parts};
    scratch_make(&p->dir);
    babble_make(&p->talk, seed, docs, longest);
    for (uint32_t i = 0; i < docs; i++)
        all[i] = i;
    uint64_t rng = seed;
    for (size_t i = 0; i < parts; i++) {
        char name[32];
        size_t left = docs - p->first[i] - (parts - i - 1);
        size_t n = i + 1 == parts ? left : 1 + scratch_below(&rng, left);
        (void)snprintf(name, sizeof name, "part%zu", i);
        p->parts[i] = index_some(p, name, all + p->first[i], n);
        p->first[i + 1] = p->first[i] + n;
    }
    free(all);
}

static void close_place(place *p)
{
    for (size_t i = 0; i < p->n_parts; i++)
        pc_seg_close(p->parts[i]);
    babble_release(&p->talk);
    scratch_remove(&p->dir);
}

/* Merges and opens the result. */
static pc_seg *merge(place *p, const char *name, const pi_merge_source *from,
                     size_t n, const uint32_t *order, size_t memory)
{
    char path[700];
    parasol_error err = {0};
    pi_out *out = NULL;
    pc_seg *seg = NULL;
    uint32_t docs;
    pi_merge_options o = {p->dir.dir, order, memory, NULL, NULL};
    (void)snprintf(path, sizeof path, "%s/%s.seg", p->dir.dir, name);
    assert_int_equal(pi_out_create(&out, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     0);
    if (pi_merge(from, n, &o, out, &docs, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(pi_out_finish(out, NULL, NULL, &err), PARASOL_OK);
    if (pc_seg_open(&seg, path, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(seg->docs, docs);
    return seg;
}

static void same_section(const pc_seg *a, const pc_seg *b, uint32_t id)
{
    pc_section x, y;
    assert_int_equal(pc_sealed_section(a->file, id, &x, NULL), PARASOL_OK);
    assert_int_equal(pc_sealed_section(b->file, id, &y, NULL), PARASOL_OK);
    for (size_t i = 0; i < x.len && i < y.len; i++) {
        if (x.ptr[i] != y.ptr[i])
            fail_msg("section %u differs at %zu", id, i);
    }
    if (x.len != y.len)
        fail_msg("section %u: %zu bytes, not %zu", id, (size_t)x.len,
                 (size_t)y.len);
}

static void same_content(const pc_seg *a, const pc_seg *b)
{
    for (uint32_t id = PC_SECTION_META; id <= PC_SECTION_FIELDS_INDEX; id++)
        same_section(a, b, id);
    same_section(a, b, PC_SECTION_IDS);
    pc_section s;
    bool mixed = pc_sealed_has(a->file, PC_SECTION_LANGUAGES, &s);
    assert_int_equal(pc_sealed_has(b->file, PC_SECTION_LANGUAGES, &s), mixed);
    assert_int_equal(a->languages.n > 1, mixed);
    if (mixed)
        same_section(a, b, PC_SECTION_LANGUAGES);
    assert_true(language || a->docs < 40 || a->languages.n >= 3);
}

/* ---- without dropping or moving ----------------------------------------- */

static void check_plain(uint64_t seed, size_t docs, size_t longest,
                        size_t parts)
{
    place p;
    pi_merge_source from[PARTS_MAX] = {{NULL, NULL}};
    uint32_t *all = calloc(docs, sizeof *all);
    open_place(&p, seed, docs, longest, parts);
    for (uint32_t i = 0; i < docs; i++)
        all[i] = i;
    for (size_t i = 0; i < parts; i++)
        from[i].seg = p.parts[i];
    pc_seg *whole = index_some(&p, "whole", all, docs);
    pc_seg *merged = merge(&p, "merged", from, parts, NULL, 0);
    same_content(merged, whole);
    /* Nothing hides in the file beside the sections. */
    assert_int_equal(pc_sealed_bytes(merged->file),
                     pc_sealed_bytes(whole->file));
    assert_int_equal(pc_sealed_trailer_crc(merged->file),
                     pc_sealed_trailer_crc(whole->file));
    pc_seg_close(merged);
    pc_seg_close(whole);
    close_place(&p);
    free(all);
}

static void merge_bytes__are_those_of_one_segment(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    check_plain(scratch_random(&seed), 1, 30, 1);
    check_plain(scratch_random(&seed), 2, 30, 2);
    check_plain(scratch_random(&seed), 12, 50, 12);
    check_plain(scratch_random(&seed), 300, 300, 3);
    check_plain(scratch_random(&seed), 1500, 60, 7);
    check_plain(scratch_random(&seed), 2500, 12, 12);
}

/* ---- dropped ------------------------------------------------------------ */

static void check_drops(uint64_t seed, size_t docs, size_t longest,
                        size_t parts, unsigned of_ten)
{
    place p;
    pi_merge_source from[PARTS_MAX] = {{NULL, NULL}};
    uint64_t *live[PARTS_MAX] = {NULL};
    uint32_t *kept = calloc(docs + 1, sizeof *kept);
    size_t n = 0;
    uint64_t rng = seed;
    open_place(&p, seed, docs, longest, parts);
    for (size_t i = 0; i < parts; i++) {
        size_t len = p.first[i + 1] - p.first[i];
        bool whole = scratch_below(&rng, 4) == 0; /* a source without drops */
        live[i] = calloc(len / 64 + 1, sizeof **live);
        assert_non_null(live[i]);
        from[i] = (pi_merge_source){p.parts[i], whole ? NULL : live[i]};
        for (size_t d = 0; d < len; d++) {
            if (!whole && scratch_below(&rng, 10) < of_ten)
                continue;
            live[i][d / 64] |= UINT64_C(1) << (d % 64);
            kept[n++] = (uint32_t)(p.first[i] + d);
        }
    }
    if (n > 0) {
        pc_seg *want = index_some(&p, "want", kept, n);
        pc_seg *merged = merge(&p, "merged", from, parts, NULL, 0);
        same_content(merged, want);
        pc_seg_close(merged);
        pc_seg_close(want);
    }
    for (size_t i = 0; i < parts; i++)
        free(live[i]);
    free(kept);
    close_place(&p);
}

static void merge_drops__leave_no_trace(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    for (unsigned of_ten = 1; of_ten < 10; of_ten += 3) {
        check_drops(scratch_random(&seed), 12, 60, 4, of_ten);
        check_drops(scratch_random(&seed), 700, 40, 3, of_ten);
        check_drops(scratch_random(&seed), 300, 400, 6, of_ten);
    }
}

static void merge_drops__may_take_all(void **state)
{
    (void)state;
    place p;
    uint64_t none = 0;
    open_place(&p, scratch_seed(), 20, 40, 1);
    pi_merge_source from = {p.parts[0], &none};
    pc_seg *merged = merge(&p, "merged", &from, 1, NULL, 0);
    assert_int_equal(merged->docs, 0);
    assert_int_equal(merged->dict.entries, 0);
    pc_seg_close(merged);
    close_place(&p);
}

/* ---- moved -------------------------------------------------------------- */

static void shuffle(uint32_t *v, size_t n, uint64_t *rng)
{
    for (size_t i = 0; i < n; i++)
        v[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        size_t k = scratch_below(rng, i);
        uint32_t x = v[i - 1];
        v[i - 1] = v[k];
        v[k] = x;
    }
}

static void check_order(uint64_t seed, size_t docs, size_t longest,
                        size_t parts, size_t memory)
{
    place p;
    pi_merge_source from[PARTS_MAX] = {{NULL, NULL}};
    uint32_t *order = calloc(docs, sizeof *order);
    uint32_t *all = calloc(docs, sizeof *all);
    uint32_t *by_rank = calloc(docs, sizeof *by_rank);
    uint64_t rng = seed;
    open_place(&p, seed, docs, longest, parts);
    for (size_t i = 0; i < parts; i++)
        from[i].seg = p.parts[i];
    shuffle(order, docs, &rng);
    pc_seg *want = index_some(&p, "want", order, docs);
    pc_seg *moved = merge(&p, "moved", from, parts, order, memory);
    same_content(moved, want);
    assert_int_equal(pc_seg_ranks(moved, NULL), PARASOL_OK);
    for (uint32_t d = 0; d < docs; d++)
        assert_int_equal(pc_seg_rank(moved, d), order[d]);
    assert_int_equal(pc_seg_by_rank(moved, by_rank, NULL), PARASOL_OK);

    /* And back: the order of a segment is no order of the documents. */
    for (uint32_t d = 0; d < docs; d++)
        all[d] = d;
    pc_seg *whole = index_some(&p, "whole", all, docs);
    pi_merge_source again = {moved, NULL};
    pc_seg *back = merge(&p, "back", &again, 1, NULL, memory);
    same_content(back, whole);
    assert_int_equal(back->ranks.width, 0);

    pc_seg_close(back);
    pc_seg_close(whole);
    pc_seg_close(moved);
    pc_seg_close(want);
    close_place(&p);
    free(order);
    free(all);
    free(by_rank);
}

static void merge_order__is_that_of_indexing_so(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    check_order(scratch_random(&seed), 2, 40, 1, 0);
    check_order(scratch_random(&seed), 40, 60, 3, 1);
    check_order(scratch_random(&seed), 300, 300, 2, 0);
    check_order(scratch_random(&seed), 300, 300, 2, 1000);
    check_order(scratch_random(&seed), 2000, 20, 9, 100000);
}

static void merge_order__must_name_every_document(void **state)
{
    (void)state;
    place p;
    pi_out *out = NULL;
    parasol_error err = {0};
    uint32_t docs, order[20] = {0};
    open_place(&p, scratch_seed(), 20, 40, 1);
    pi_merge_source from = {p.parts[0], NULL};
    pi_merge_options o = {p.dir.dir, order, 0, NULL, NULL};
    assert_int_equal(pi_out_create(&out, scratch_path(&p.dir, "bad"),
                                   PC_KIND_SEGMENT, 1, NULL, &err),
                     PARASOL_OK);
    assert_int_equal(pi_merge(&from, 1, &o, out, &docs, NULL, &err),
                     PARASOL_ARG);
    pi_out_abort(out);
    close_place(&p);
}

/* ---- several languages -------------------------------------------------- */

/* Each part has languages of its own, in other numbers than the whole. */
static void merge_languages__as_if_indexed_at_once(void **state)
{
    (void)state;
    uint64_t seed = scratch_seed();
    language = NULL;
    check_plain(scratch_random(&seed), 1, 30, 1);
    check_plain(scratch_random(&seed), 12, 50, 12);
    check_plain(scratch_random(&seed), 300, 300, 3);
    check_plain(scratch_random(&seed), 900, 60, 12);
    for (unsigned of_ten = 1; of_ten < 10; of_ten += 4) {
        check_drops(scratch_random(&seed), 12, 60, 4, of_ten);
        check_drops(scratch_random(&seed), 700, 40, 6, of_ten);
    }
    check_order(scratch_random(&seed), 40, 60, 3, 1);
    check_order(scratch_random(&seed), 300, 300, 2, 1000);
    check_order(scratch_random(&seed), 1200, 20, 9, 100000);
    language = "en";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge_bytes__are_those_of_one_segment),
        cmocka_unit_test(merge_drops__leave_no_trace),
        cmocka_unit_test(merge_drops__may_take_all),
        cmocka_unit_test(merge_order__is_that_of_indexing_so),
        cmocka_unit_test(merge_order__must_name_every_document),
        cmocka_unit_test(merge_languages__as_if_indexed_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
