/* The dictionary through its writer: every key is found, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/segment/dict.h"
#include "indexer/write/dict_writer.h"
#include "tests/support/scratch.h"

#define MANY 3000u

typedef struct place {
    scratch dir;
    char (*keys)[48];
    size_t n;
    pc_sealed *file;
    pc_dict dict;
} place;

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Distinct sorted keys; many share their first eight bytes. */
static void make_keys(place *p, uint64_t *rng, size_t n)
{
    static const char *const heads[] = {
        "", "a", "nation", "internation", "internationalis", "\xe9\xa6\x96"};
    p->keys = calloc(n + 1, sizeof *p->keys);
    assert_non_null(p->keys);
    for (size_t i = 0; i < n; i++)
        (void)snprintf(p->keys[i], sizeof p->keys[i], "\x01%s%llx",
                       heads[scratch_below(rng, PC_COUNTOF(heads))],
                       (unsigned long long)scratch_below(rng, 100000));
    qsort(p->keys, n, sizeof *p->keys, compare);
    p->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (p->n == 0 || strcmp(p->keys[p->n - 1], p->keys[i]) != 0)
            memmove(p->keys[p->n++], p->keys[i], sizeof *p->keys);
    }
}

static pc_entry entry_of(size_t i)
{
    return (pc_entry){.flags = PC_ENTRY_TERM,
                      .df = (uint32_t)i + 1,
                      .ctf = 3 * i + 1,
                      .post_off = 10 * i,
                      .post_len = 10,
                      .pos_off = 7 * i,
                      .pos_len = 7};
}

static void open_place(place *p, uint64_t *rng, size_t n)
{
    pi_out *o;
    pi_dict_writer w;
    scratch_make(&p->dir);
    make_keys(p, rng, n);
    assert_int_equal(pi_out_create(&o, scratch_path(&p->dir, "d"),
                                   PC_KIND_SEGMENT, 1, NULL, NULL),
                     PARASOL_OK);
    pi_dict_writer_init(&w, p->dir.dir, 0, NULL);
    for (size_t i = 0; i < p->n; i++) {
        pc_entry e = entry_of(i);
        pi_dict_writer_add(&w, pc_str_of(p->keys[i]), &e);
    }
    pi_dict_writer_finish(&w, o);
    pi_dict_writer_release(&w);
    assert_int_equal(pi_out_finish(o, NULL, NULL, NULL), PARASOL_OK);
    assert_int_equal(pc_sealed_open(&p->file, scratch_path(&p->dir, "d"),
                                    PC_KIND_SEGMENT, NULL, NULL),
                     PARASOL_OK);
    assert_int_equal(pc_dict_open(&p->dict, p->file, NULL), PARASOL_OK);
    assert_int_equal(p->dict.entries, p->n);
}

static void close_place(place *p)
{
    pc_sealed_close(p->file);
    free(p->keys);
    scratch_remove(&p->dir);
}

static void must_miss(const place *p, pc_str key)
{
    bool found = true;
    pc_entry e;
    assert_int_equal(pc_dict_find(&p->dict, key, &found, &e, NULL), 0);
    assert_false(found);
}

static void check_all(const place *p)
{
    pc_dict_scan scan;
    pc_entry e;
    pc_dict_scan_init(&scan, &p->dict);
    for (size_t i = 0; i < p->n; i++) {
        bool found = false;
        pc_str key = pc_str_of(p->keys[i]);
        pc_entry want = entry_of(i);
        assert_int_equal(pc_dict_find(&p->dict, key, &found, &e, NULL), 0);
        assert_true(found);
        assert_int_equal(e.df, want.df);
        assert_int_equal(e.post_off, want.post_off);
        assert_int_equal(e.pos_off, want.pos_off);
        assert_int_equal(pc_dict_scan_next(&scan, &e, NULL), PARASOL_OK);
        assert_true(pc_str_eq(
            key, (pc_str){(const char *)scan.block.key, scan.block.key_len}));
        assert_int_equal(e.ctf, want.ctf);
    }
    assert_int_equal(pc_dict_scan_next(&scan, &e, NULL), PARASOL_NOTFOUND);
}

static void segment_dict__finds_what_was_written(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static const size_t sizes[] = {1, 2, 31, 32, 33, 64, 65, MANY};
    for (size_t i = 0; i < PC_COUNTOF(sizes); i++) {
        place p;
        open_place(&p, &rng, sizes[i]);
        check_all(&p);
        close_place(&p);
    }
}

static void segment_dict__finds_nothing_else(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    place p;
    open_place(&p, &rng, MANY);
    for (size_t i = 0; i < p.n; i++) {
        char other[64];
        (void)snprintf(other, sizeof other, "%s!", p.keys[i]);
        must_miss(&p, pc_str_of(other));
        other[strlen(other) - 2] = 0;
        if (!bsearch(other, p.keys, p.n, sizeof *p.keys, compare))
            must_miss(&p, pc_str_of(other));
    }
    must_miss(&p, PC_STR_LIT(""));
    must_miss(&p, PC_STR_LIT("\x00zzzz"));
    must_miss(&p, PC_STR_LIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff"));
    close_place(&p);
}

static void segment_dict__empty(void **state)
{
    (void)state;
    uint64_t rng = 1;
    place p;
    open_place(&p, &rng, 0);
    must_miss(&p, PC_STR_LIT("\x01nation"));
    check_all(&p);
    close_place(&p);
}

static void segment_dict__keys_have_a_longest_length(void **state)
{
    (void)state;
    pc_key k;
    char word[PC_KEY_MAX];
    memset(word, 'w', sizeof word);
    assert_true(pc_key_make(&k, 1, (pc_str){word, PC_KEY_MAX - 1}));
    assert_int_equal(k.len, PC_KEY_MAX);
    assert_false(pc_key_make(&k, 1, (pc_str){word, PC_KEY_MAX}));
    assert_int_equal(pc_key_prefix(PC_STR_LIT("\x01"
                                              "ab")),
                     UINT64_C(0x0161620000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segment_dict__finds_what_was_written),
        cmocka_unit_test(segment_dict__finds_nothing_else),
        cmocka_unit_test(segment_dict__empty),
        cmocka_unit_test(segment_dict__keys_have_a_longest_length),
    };
    return cmocka_run_group_tests_name("dict", tests, NULL, NULL);
}
