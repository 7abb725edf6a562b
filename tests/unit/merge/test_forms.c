/*
 * A stem with more forms than there are numbers: those that share the last
 * number go on to share it, and every other occurrence keeps its form.
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
#include "common/segment/seg.h"
#include "indexer/merge/merge.h"
#include "indexer/merge/merge_forms.h"
#include "indexer/write/dict_writer.h"
#include "indexer/write/meta_writer.h"
#include "indexer/write/post_writer.h"
#include "indexer/write/store_writer.h"
#include "tests/support/scratch.h"

#define MANY 66000u
#define SHARED (MANY - PI_VARIANT_LAST) /* forms with the last number */

/* A segment of one document that has the forms x00000 to x(n-1) of x, each
   `times` in a row. */
static pc_seg *make_seg(scratch *dir, const char *name, uint32_t n,
                        uint32_t times)
{
    static float damp[256];
    pi_post_writer post;
    pi_dict_writer dict;
    pi_store_writer store;
    pi_out *o = NULL;
    pc_seg *seg = NULL;
    pc_entry e = {0};
    const char *path = scratch_path(dir, name);
    uint32_t tf = n * times;
    uint32_t *gaps = calloc(tf, sizeof *gaps);
    uint16_t *variants = calloc(tf, sizeof *variants);
    assert_true(gaps && variants);
    for (uint32_t i = 0; i < tf; i++) {
        uint32_t form = i / times;
        gaps[i] = i > 0;
        variants[i] = form < UINT16_MAX ? (uint16_t)form : UINT16_MAX;
    }
    pc_damp_table(damp, PC_DAMP_K1, PC_DAMP_B, 1, tf);
    pi_post_writer_init(&post, dir->dir, NULL, damp);
    pi_dict_writer_init(&dict, dir->dir, 0, NULL);
    pi_store_writer_init(&store, dir->dir, 0, NULL);
    pi_post_begin(&post);
    pi_post_add(&post, 0, tf, 255, gaps, variants);
    pi_post_end(&post, &e);
    pi_dict_writer_add(&dict, (pc_str){"\0x", 2}, &e);
    for (uint32_t i = 0; i < n; i++) {
        char key[8] = {0};
        (void)snprintf(key + 1, sizeof key - 1, "x%05u", i);
        pc_entry f = {.flags = PC_ENTRY_FORM};
        f.form = (pc_form_info){5, PC_STR_LIT(""),
                                i < UINT16_MAX ? i : UINT16_MAX, 1, times};
        pi_dict_writer_add(&dict, (pc_str){key, 7}, &f);
    }
    pc_field fields[] = {{PC_STR_LIT("path"), PC_STR_LIT("p")},
                         {PC_STR_LIT("title"), PC_STR_LIT("")},
                         {PC_STR_LIT("date"), PC_STR_LIT("")}};
    pi_stored_doc stored = {fields, 3, PC_STR_LIT("")};
    assert_int_equal(pi_store_add(&store, &stored), PARASOL_OK);
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, NULL),
                     PARASOL_OK);
    pi_languages languages = {0};
    pi_languages_add(&languages, PC_STR_LIT("en"), 1);
    pi_meta_put(o, 1, (uint64_t[]){tf, 0}, &languages);
    pi_dict_writer_finish(&dict, o);
    pi_post_writer_finish(&post, o);
    pi_out_begin(o, PC_SECTION_NORMS);
    pi_out_put(o, "\377", 1);
    assert_int_equal(pi_store_finish(&store, o, NULL), PARASOL_OK);
    assert_int_equal(pi_out_finish(o, NULL, NULL, NULL), PARASOL_OK);
    pi_post_writer_release(&post);
    pi_dict_writer_release(&dict);
    pi_store_writer_release(&store);
    free(gaps);
    free(variants);
    assert_int_equal(pc_seg_open(&seg, path, NULL, NULL), PARASOL_OK);
    return seg;
}

/* The variant of form i, which must have been counted so often. */
static uint32_t variant_of(const pc_seg *seg, uint32_t i, uint64_t ctf)
{
    char key[8] = {0};
    pc_entry e;
    bool found = false;
    (void)snprintf(key + 1, sizeof key - 1, "x%05u", i);
    assert_int_equal(
        pc_dict_find(&seg->dict, (pc_str){key, 7}, &found, &e, NULL), 0);
    assert_true(found && e.flags == PC_ENTRY_FORM);
    assert_int_equal(e.form.ctf, ctf);
    return e.form.variant;
}

/* Every occurrence in a document must have the number of its form. */
static void check_document(const pc_seg *seg, uint32_t doc, uint32_t times,
                           const uint32_t *numbers)
{
    pc_entry e;
    bool found = false;
    pc_list l;
    pc_pos_reader r;
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    assert_int_equal(
        pc_dict_find(&seg->dict, (pc_str){"\0x", 2}, &found, &e, NULL), 0);
    assert_true(found);
    assert_int_equal(pc_list_open(&l, &seg->lists, &e, NULL), PARASOL_OK);
    assert_int_equal(pc_list_ids(&l, 0, ids, NULL), PARASOL_OK);
    assert_int_equal(pc_list_freqs(&l, 0, tfs, NULL), PARASOL_OK);
    pc_pos_reader_init(&r, &l);
    assert_int_equal(pc_pos_reader_seek(&r, 0, doc, ids, tfs, NULL),
                     PARASOL_OK);
    uint16_t *variants = calloc(tfs[doc], sizeof *variants);
    assert_non_null(variants);
    pc_pos_reader_variants(&r, ids, tfs, variants);
    for (uint32_t i = 0; i < tfs[doc]; i++)
        assert_int_equal(variants[i], numbers[i / times]);
    free(variants);
}

static void merge_forms__more_than_there_are_numbers(void **state)
{
    (void)state;
    scratch dir;
    scratch_make(&dir);
    parasol_error err = {0};
    pi_out *o = NULL;
    pc_seg *merged = NULL;
    uint32_t docs;
    uint32_t *numbers = calloc(MANY, sizeof *numbers);
    assert_non_null(numbers);
    pc_seg *many = make_seg(&dir, "many", MANY, 1);
    pc_seg *few = make_seg(&dir, "few", 10, 7);
    const pi_merge_source from[] = {{many, NULL}, {few, NULL}};
    pi_merge_options options = {dir.dir, NULL, 0, NULL, NULL};
    const char *path = scratch_path(&dir, "merged");
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 2, NULL, &err),
                     PARASOL_OK);
    if (pi_merge(from, 2, &options, o, &docs, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), PARASOL_OK);
    assert_int_equal(pc_seg_open(&merged, path, NULL, &err), PARASOL_OK);
    uint8_t *taken = calloc(UINT16_MAX + 1, 1);
    uint32_t shared = 0;
    assert_non_null(taken);
    for (uint32_t i = 0; i < MANY; i++) {
        numbers[i] = variant_of(merged, i, i < 10 ? 8 : 1);
        assert_true(numbers[i] <= PI_VARIANT_LAST);
        shared += numbers[i] == PI_VARIANT_LAST;
        if (numbers[i] < PI_VARIANT_LAST)
            assert_int_equal(taken[numbers[i]]++, 0);
    }
    assert_int_equal(shared, SHARED);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(numbers[i], i); /* the most frequent first */
    check_document(merged, 0, 1, numbers);
    check_document(merged, 1, 7, numbers);
    free(taken);
    free(numbers);
    pc_seg_close(merged);
    pc_seg_close(many);
    pc_seg_close(few);
    scratch_remove(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge_forms__more_than_there_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
