/*
 * The limits of docs/format.md, "Limits": what lies at one is written and
 * read, what lies beyond is refused with a sentence. Nobody has the bytes to
 * get there, so counters are set as if they had been written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/damp.h"
#include "common/segment/positions.h"
#include "indexer/merge/merge_docs.h"
#include "indexer/write/dict_writer.h"
#include "indexer/write/post_writer.h"
#include "indexer/write/store_writer.h"
#include "tests/support/scratch.h"
#include "tests/support/termblock_bytes.h"

#define TERABYTE ((uint64_t)1 << 40)

/* ---- stored documents --------------------------------------------------- */

/* What adding this document to a segment of `docs` gives. */
static int store(uint32_t docs, pc_str path, pc_str text, parasol_error *err)
{
    scratch dir;
    pi_store_writer w;
    pc_field fields[] = {{PC_STR_LIT("path"), path},
                         {PC_STR_LIT("title"), PC_STR_LIT("")},
                         {PC_STR_LIT("date"), PC_STR_LIT("")}};
    pi_stored_doc doc = {fields, 3, text};
    scratch_make(&dir);
    pi_store_writer_init(&w, dir.dir, 0, NULL);
    w.docs = docs;
    int rc = pi_store_add(&w, &doc);
    *err = w.error;
    pi_store_writer_release(&w);
    scratch_remove(&dir);
    return rc;
}

static void limits_documents__of_a_segment(void **state)
{
    (void)state;
    parasol_error err;
    pc_str a = PC_STR_LIT("a");
    assert_int_equal(store(PC_DOCS_MAX - 1, a, a, &err), PARASOL_OK);
    assert_int_equal(store(PC_DOCS_MAX, a, a, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, "2147483647 documents"));
}

static void limits_documents__of_a_merge(void **state)
{
    (void)state;
    pc_seg big = {.docs = 1u << 30}, rest = {.docs = (1u << 30) - 1};
    const pi_merge_source fit[] = {{&big, NULL}, {&rest, NULL}};
    const pi_merge_source more[] = {{&big, NULL}, {&big, NULL}};
    parasol_error err = {0};
    pi_docs d;
    assert_int_equal(pi_docs_init(&d, fit, 2, NULL, NULL, &err), PARASOL_OK);
    assert_int_equal(d.docs, PC_DOCS_MAX);
    uint32_t doc;
    assert_int_equal(pi_docs_number(&d, 1, rest.docs - 1), PC_DOCS_MAX - 1);
    assert_int_equal(pi_docs_origin(&d, PC_DOCS_MAX - 1, &doc), 1);
    assert_int_equal(doc, rest.docs - 1);
    pi_docs_release(&d);
    assert_int_equal(pi_docs_init(&d, more, 2, NULL, NULL, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, "2147483647 documents"));
    pi_docs_release(&d);
}

static void limits_text__of_a_document(void **state)
{
    (void)state;
    parasol_error err;
    /* Nothing of it is read: it is refused by its length. */
    pc_str huge = {"x", (size_t)1 << 32}, name = PC_STR_LIT("a/huge.txt");
    assert_int_equal(store(0, name, huge, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, "a/huge.txt"));
    assert_non_null(strstr(err.message, "4 GiB"));
    huge.len -= 3; /* the record has more than the path */
    assert_int_equal(store(0, huge, name, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, "4 GiB"));
}

/* ---- posting lists ------------------------------------------------------ */

typedef struct place {
    scratch dir;
    float damp[256];
    pi_post_writer w;
    pi_out *out;
    pc_sealed *file;
    pc_lists in;
} place;

static void open_place(place *p)
{
    *p = (place){.file = NULL};
    scratch_make(&p->dir);
    pc_damp_table(p->damp, PC_DAMP_K1, PC_DAMP_B, 10, 1000);
    pi_post_writer_init(&p->w, p->dir.dir, NULL, p->damp);
    assert_int_equal(pi_out_create(&p->out, scratch_path(&p->dir, "l"),
                                   PC_KIND_SEGMENT, 1, NULL, NULL),
                     PARASOL_OK);
    pi_post_begin(&p->w);
}

/* Writes the file and reads it as that of a segment of so many documents. */
static int seal(place *p, uint32_t docs, parasol_error *err)
{
    pi_post_writer_finish(&p->w, p->out);
    int rc = pi_out_finish(p->out, NULL, NULL, err);
    p->out = NULL;
    if (!rc)
        rc = pc_sealed_open(&p->file, scratch_path(&p->dir, "l"),
                            PC_KIND_SEGMENT, NULL, err);
    return rc ? rc : pc_lists_open(&p->in, p->file, docs, err);
}

static void close_place(place *p)
{
    pi_post_writer_release(&p->w);
    pi_out_abort(p->out);
    pc_sealed_close(p->file);
    scratch_remove(&p->dir);
}

static void add(place *p, uint32_t doc, uint32_t tf, uint32_t first)
{
    uint32_t *gaps = calloc(tf, sizeof *gaps);
    uint16_t *variants = calloc(tf, sizeof *variants);
    assert_true(gaps && variants);
    for (uint32_t i = 0; i < tf; i++)
        gaps[i] = i ? 1 : first;
    pi_post_add(&p->w, doc, tf, 255, gaps, variants);
    free(gaps);
    free(variants);
}

static void limits_numbers__of_documents_and_positions(void **state)
{
    (void)state;
    place p;
    pc_entry e = {0};
    pc_list l;
    pc_pos_reader r;
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM], at = 0;
    open_place(&p);
    /* From the first document to the last one there can be, in three blocks;
       from the first position to the last one. */
    for (uint32_t i = 0; i < 300; i++)
        add(&p, i < 299 ? i * 7000000u : PC_DOCS_MAX - 1, 2,
            i % 2 ? 0 : (uint32_t)INT32_MAX - 2);
    pi_post_end(&p.w, &e);
    assert_int_equal(seal(&p, PC_DOCS_MAX, NULL), PARASOL_OK);
    assert_int_equal(pc_list_open(&l, &p.in, &e, NULL), PARASOL_OK);
    pc_pos_reader_init(&r, &l);
    for (uint32_t b = 0; b < l.blocks; b++) {
        assert_int_equal(pc_list_ids(&l, b, ids, NULL), PARASOL_OK);
        assert_int_equal(pc_list_freqs(&l, b, tfs, NULL), PARASOL_OK);
        for (uint32_t i = 0; i < pc_list_block_len(&l, b); i++, at++) {
            uint32_t pos[2] = {0, 0};
            assert_int_equal(ids[i],
                             at < 299 ? at * 7000000u : PC_DOCS_MAX - 1);
            assert_int_equal(tfs[i], 2);
            assert_int_equal(pc_pos_reader_seek(&r, b, i, ids, tfs, NULL),
                             PARASOL_OK);
            assert_int_equal(pc_pos_reader_get(&r, pos, NULL), PARASOL_OK);
            assert_int_equal(pos[0], at % 2 ? 0 : INT32_MAX - 2);
            assert_int_equal(pos[1], pos[0] + 1);
        }
    }
    assert_int_equal(at, 300);
    close_place(&p);
}

static void limits_frequency__is_read_as_written(void **state)
{
    (void)state;
    place p;
    pc_entry e = {0};
    pc_list l;
    pc_pos_reader r;
    const uint32_t tf = 3000000;
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    uint32_t *pos = calloc(tf, sizeof *pos);
    assert_non_null(pos);
    open_place(&p);
    add(&p, 4, 1, 9);
    add(&p, 5, tf, 100);
    pi_post_end(&p.w, &e);
    assert_int_equal(e.ctf, tf + 1);
    assert_int_equal(seal(&p, 6, NULL), PARASOL_OK);
    assert_int_equal(pc_list_open(&l, &p.in, &e, NULL), PARASOL_OK);
    assert_int_equal(pc_list_ids(&l, 0, ids, NULL), PARASOL_OK);
    assert_int_equal(pc_list_freqs(&l, 0, tfs, NULL), PARASOL_OK);
    assert_int_equal(tfs[1], tf);
    pc_pos_reader_init(&r, &l);
    assert_int_equal(pc_pos_reader_seek(&r, 0, 1, ids, tfs, NULL), PARASOL_OK);
    assert_int_equal(pc_pos_reader_get(&r, pos, NULL), PARASOL_OK);
    for (uint32_t i = 0; i < tf; i++)
        assert_true(pos[i] == 100 + i);
    free(pos);
    close_place(&p);
}

static void limits_occurrences__of_a_block(void **state)
{
    (void)state;
    place p;
    parasol_error err = {0};
    open_place(&p);
    add(&p, 1, 1, 0);
    p.w.occurrences = UINT32_MAX - 9;
    add(&p, 2, 10, 0);
    pc_entry e = {0};
    p.w.occurrences = 1; /* what is in the arrays */
    pi_post_end(&p.w, &e);
    assert_int_equal(seal(&p, 10, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, "4294967295 times"));
    close_place(&p);
}

static void limits_positions__of_a_superblock(void **state)
{
    (void)state;
    place p;
    parasol_error err = {0};
    pc_entry e = {0};
    open_place(&p);
    for (uint32_t i = 0; i < 2 * PC_BLOCK; i++) {
        add(&p, i, 1, 0);
        if (i == PC_BLOCK + 5) /* as if the first block had 4 GiB */
            p.w.super_pos_at -= (uint64_t)UINT32_MAX;
    }
    pi_post_end(&p.w, &e);
    assert_int_equal(seal(&p, 10000, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, "4 GiB"));
    close_place(&p);
}

/* As if the lists before had a terabyte. */
static void limits_sections__beyond_a_terabyte(void **state)
{
    (void)state;
    place p;
    pc_termblock_writer block;
    pc_termblock read;
    pc_buf bytes;
    pc_entry e[2] = {{0}, {0}}, back;
    open_place(&p);
    p.w.postings.in_file = TERABYTE;
    p.w.positions.in_file = 3 * TERABYTE;
    pc_termblock_init(&block, NULL);
    pc_buf_init(&bytes, NULL);
    for (unsigned i = 0; i < 2; i++) {
        pi_post_begin(&p.w);
        for (uint32_t d = 0; d < 200; d++)
            add(&p, d * (i + 1), 1, 3 * d);
        pi_post_end(&p.w, &e[i]);
        pc_termblock_add(&block, i ? PC_STR_LIT("\0b") : PC_STR_LIT("\0a"),
                         &e[i]);
    }
    assert_true(e[1].post_off > TERABYTE && e[1].pos_off > 3 * TERABYTE);
    termblock_encode(&block, &bytes, NULL);
    assert_non_null(pc_buf_reserve(&bytes, PC_PAD));
    assert_int_equal(
        termblock_open(&read, bytes.ptr, bytes.len, PC_STR_LIT("\0a"), NULL),
        PARASOL_OK);
    p.w.postings.in_file = p.w.positions.in_file = 0;
    assert_int_equal(seal(&p, 1000, NULL), PARASOL_OK);
    /* And sections that begin so far before this file. */
    p.in.postings =
        (pc_section){(const uint8_t *)((uintptr_t)p.in.postings.ptr - TERABYTE),
                     p.in.postings.len + TERABYTE};
    p.in.positions = (pc_section){
        (const uint8_t *)((uintptr_t)p.in.positions.ptr - 3 * TERABYTE),
        p.in.positions.len + 3 * TERABYTE};
    for (unsigned i = 0; i < 2; i++) {
        pc_list l;
        uint32_t ids[PC_BLOCK_ROOM];
        assert_int_equal(pc_termblock_next(&read, &back), PARASOL_OK);
        assert_true(back.post_off == e[i].post_off);
        assert_true(back.pos_off == e[i].pos_off);
        assert_int_equal(pc_list_open(&l, &p.in, &back, NULL), PARASOL_OK);
        assert_int_equal(pc_list_ids(&l, 1, ids, NULL), PARASOL_OK);
        assert_int_equal(ids[71], 199 * (i + 1));
    }
    pc_termblock_release(&block);
    pc_buf_release(&bytes);
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_documents__of_a_segment),
        cmocka_unit_test(limits_documents__of_a_merge),
        cmocka_unit_test(limits_text__of_a_document),
        cmocka_unit_test(limits_numbers__of_documents_and_positions),
        cmocka_unit_test(limits_frequency__is_read_as_written),
        cmocka_unit_test(limits_occurrences__of_a_block),
        cmocka_unit_test(limits_positions__of_a_superblock),
        cmocka_unit_test(limits_sections__beyond_a_terabyte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
