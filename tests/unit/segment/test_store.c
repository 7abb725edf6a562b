/*
 * Stored documents: what was put in comes out, from any place, and damage is
 * an error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/segment/store.h"
#include "indexer/write/store_writer.h"
#include "tests/support/scratch_group.h"

/* A document made from a seed, so that it need not be kept. */
typedef struct made {
    pc_field fields[40];
    size_t n_fields;
    char *bytes; /* of all values and the text */
    pc_str text;
} made;

static void fill(char *p, size_t n, uint64_t *rng)
{
    /* Letters from a small set, so that it compresses somewhat. */
    for (size_t i = 0; i < n; i++)
        p[i] = (char)('a' + scratch_below(rng, 11));
}

static void make_doc(made *m, uint64_t seed, size_t text_len)
{
    static const char *const first[] = {"path", "title", "date"};
    uint64_t rng = seed;
    m->n_fields = 3 + (size_t)scratch_below(&rng, 37);
    if (scratch_below(&rng, 3))
        m->n_fields = 3;
    size_t long_value = scratch_below(&rng, 20) ? 0 : 40000;
    m->bytes = malloc(text_len + long_value + 40 * 200 + 1);
    assert_non_null(m->bytes);
    char *at = m->bytes;
    for (size_t i = 0; i < m->n_fields; i++) {
        size_t n = (size_t)scratch_below(&rng, 100);
        fill(at, n, &rng);
        m->fields[i].name = i < 3 ? pc_str_of(first[i]) : (pc_str){at, n};
        at += i < 3 ? 0 : n;
        n = i == 3 ? long_value : (size_t)scratch_below(&rng, 100);
        fill(at, n, &rng);
        m->fields[i].value = (pc_str){at, n};
        at += n;
    }
    fill(at, text_len, &rng);
    m->text = (pc_str){at, text_len};
}

static void put_doc(pi_store_writer *w, uint64_t seed, size_t text_len)
{
    made m;
    make_doc(&m, seed, text_len);
    pi_stored_doc doc = {m.fields, m.n_fields, m.text};
    assert_int_equal(pi_store_add(w, &doc), 0);
    free(m.bytes);
}

static const char *write_segment(uint64_t seed, const size_t *text_lens,
                                 uint32_t docs)
{
    parasol_error err = {0};
    pi_store_writer w;
    pi_out *o = NULL;
    const char *path = scratch_path(&tmp, "s1.seg");
    (void)unlink(path);
    pi_store_writer_init(&w, tmp.dir, 1, NULL);
    for (uint32_t i = 0; i < docs; i++)
        put_doc(&w, seed + i, text_lens[i]);
    assert_int_equal(w.docs, docs);
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     0);
    assert_int_equal(pi_store_finish(&w, o, &err), 0);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    pi_store_writer_release(&w);
    return path;
}

static void check_fields(const pc_store *s, uint32_t doc, const made *m)
{
    parasol_error err = {0};
    pc_arena arena;
    pc_field *fields = NULL;
    size_t n = 0;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(pc_store_fields(s, doc, &arena, &fields, &n, &err), 0);
    assert_int_equal(n, m->n_fields);
    for (size_t i = 0; i < n; i++) {
        assert_true(pc_str_eq(fields[i].name, m->fields[i].name));
        assert_true(pc_str_eq(fields[i].value, m->fields[i].value));
        assert_int_equal(fields[i].name.ptr[fields[i].name.len], 0);
        assert_int_equal(fields[i].value.ptr[fields[i].value.len], 0);
    }
    pc_arena_release(&arena);
}

static void check_text(const pc_store *s, uint32_t doc, const made *m,
                       uint64_t *rng)
{
    parasol_error err = {0};
    pc_buf b;
    uint32_t len = 0;
    pc_buf_init(&b, NULL);
    assert_int_equal(pc_store_text_len(s, doc, &len, &err), 0);
    assert_int_equal(len, m->text.len);
    assert_int_equal(pc_store_text(s, doc, 0, UINT32_MAX, &b, &err), 0);
    assert_true(pc_str_eq(pc_buf_str(&b), m->text));
    for (unsigned i = 0; i < 8; i++) {
        uint32_t from = (uint32_t)scratch_below(rng, m->text.len + 3);
        uint32_t want = (uint32_t)scratch_below(rng, m->text.len + 3);
        pc_str part = {m->text.ptr, 0};
        if (from < m->text.len) {
            part.ptr += from;
            part.len = m->text.len - from;
            part.len = part.len < want ? part.len : want;
        }
        pc_buf_clear(&b);
        pc_buf_put_z(&b, "before");
        assert_int_equal(pc_store_text(s, doc, from, want, &b, &err), 0);
        assert_int_equal(b.len, 6 + part.len);
        assert_memory_equal(b.ptr, "before", 6);
        if (part.len)
            assert_memory_equal(b.ptr + 6, part.ptr, part.len);
    }
    pc_buf_release(&b);
}

static void check_round_trip(uint64_t seed, const size_t *lens, uint32_t docs)
{
    parasol_error err = {0};
    pc_sealed *f = NULL;
    pc_store s;
    uint64_t rng = seed;
    const char *path = write_segment(seed, lens, docs);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    assert_int_equal(pc_store_open(&s, f, docs, NULL, &err), 0);
    for (uint32_t i = 0; i < docs; i++) {
        /* From the end, to show that the order of reading is free. */
        uint32_t doc = docs - 1 - i;
        made m;
        make_doc(&m, seed + doc, lens[doc]);
        check_fields(&s, doc, &m);
        check_text(&s, doc, &m, &rng);
        free(m.bytes);
    }
    assert_int_equal(pc_store_verify(&s, &err), 0);
    uint32_t len;
    assert_int_equal(pc_store_text_len(&s, docs, &len, &err), PARASOL_ARG);
    assert_int_equal(
        pc_store_open(&s, f, docs + 100 * PC_DOC_GROUP, NULL, &err),
        PARASOL_CORRUPT);
    pc_sealed_close(f);
}

static void segment_store__round_trip_of_edge_sizes(void **state)
{
    (void)state;
    static const size_t lens[] = {0,     1,     0,      32767, 1,
                                  32768, 32769, 204800, 65536, 0,
                                  5,     98304, 131071, 2,     0};
    check_round_trip(7, lens, 0);
    for (uint32_t n = 1; n <= PC_COUNTOF(lens); n++)
        check_round_trip(n, lens, n);
    for (uint32_t i = 0; i < PC_COUNTOF(lens); i++)
        check_round_trip(i, lens + i, 1);
}

static void segment_store__round_trip_of_random_documents(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 5; round++) {
        size_t lens[300];
        uint32_t docs = 1 + (uint32_t)scratch_below(&rng, 300);
        for (uint32_t i = 0; i < docs; i++)
            lens[i] = (size_t)scratch_below(&rng, i % 10 ? 3000 : 90000);
        check_round_trip(scratch_random(&rng), lens, docs);
    }
}

static void segment_store__same_documents_give_same_bytes(void **state)
{
    (void)state;
    static const size_t lens[] = {100, 70000, 3};
    size_t na = 0;
    size_t nb = 0;
    uint8_t *a = scratch_read(write_segment(5, lens, 3), &na);
    uint8_t *b = scratch_read(write_segment(5, lens, 3), &nb);
    assert_int_equal(na, nb);
    assert_memory_equal(a, b, na);
    free(a);
    free(b);
}

/* Reads all that can be read; no result is wrong as long as nothing breaks
   and PARASOL_OK comes with sound values. */
static int read_all(const char *path, uint32_t docs, unsigned *errors)
{
    parasol_error err = {0};
    pc_sealed *f = NULL;
    pc_store s;
    pc_arena arena;
    pc_buf b;
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&b, NULL);
    int rc = pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err);
    if (!rc)
        rc = pc_store_open(&s, f, docs, NULL, &err);
    for (uint32_t i = 0; i < docs && !rc; i++) {
        pc_field *fields = NULL;
        size_t n = 0;
        int one = pc_store_fields(&s, i, &arena, &fields, &n, &err);
        int two = pc_store_text(&s, i, 0, UINT32_MAX, &b, &err);
        assert_true(one == 0 || one == PARASOL_CORRUPT);
        assert_true(two == 0 || two == PARASOL_CORRUPT);
        *errors += one != 0 ? 1u : 0u;
        *errors += two != 0 ? 1u : 0u;
        for (size_t k = 0; !one && k < n; k++)
            assert_int_equal(
                strnlen(fields[k].value.ptr, fields[k].value.len + 1) <=
                    fields[k].value.len,
                1);
        pc_buf_clear(&b);
    }
    if (!rc)
        rc = pc_store_verify(&s, &err);
    pc_sealed_close(f);
    pc_buf_release(&b);
    pc_arena_release(&arena);
    return rc;
}

/* Makes all checksums right again after the body was changed. */
static void reseal(uint8_t *all, size_t n)
{
    uint8_t *foot = all + n - PC_SEALED_FOOTER;
    size_t sums = (size_t)pc_load64le(foot + 16);
    size_t root = (size_t)pc_load64le(foot + 24);
    for (size_t page = 0; page < sums / 4096; page++)
        pc_store32le(all + sums + 4 * page,
                     pc_crc32c(0, all + page * 4096, 4096));
    for (size_t i = 0; sums + i * 4096 < root; i++) {
        size_t left = root - sums - i * 4096;
        pc_store32le(all + root + 4 * i, pc_crc32c(0, all + sums + i * 4096,
                                                   left < 4096 ? left : 4096));
    }
    pc_store32le(foot + 44,
                 pc_crc32c(0, all + root, n - PC_SEALED_FOOTER - root));
    pc_store32le(foot + 60, pc_crc32c(0, foot, 60));
}

/* Every byte of the sections changed under right checksums: what a writer
   with a bug or malice could produce. */
static void segment_store__wrong_bytes_under_right_checksums(void **state)
{
    (void)state;
    static const size_t lens[] = {900, 0, 40000, 17};
    size_t n = 0;
    unsigned errors = 0;
    unsigned refused = 0;
    const char *path = write_segment(3, lens, 4);
    uint8_t *all = scratch_read(path, &n);
    assert_int_equal(read_all(path, 4, &errors), 0);
    assert_int_equal(errors, 0);
    uint64_t rng = scratch_seed();
    size_t sums = (size_t)pc_load64le(all + n - PC_SEALED_FOOTER + 16);
    for (size_t i = PC_SEALED_HEADER; i < sums;) {
        uint8_t was = all[i];
        all[i] = (uint8_t)scratch_random(&rng);
        reseal(all, n);
        scratch_write(path, all, n);
        refused += read_all(path, 4, &errors) != 0 ? 1u : 0u;
        all[i] = was;
        /* All of the tables at the front, and samples of the packed bytes. */
        i += i < 200 ? 1 : 1 + (size_t)scratch_below(&rng, 30);
    }
    assert_true(refused > 500);
    assert_true(errors > 500);
    free(all);
}

static void segment_store__flipped_bytes_are_errors_where_they_lie(void **state)
{
    (void)state;
    static const size_t lens[] = {40000, 40000, 40000};
    parasol_error err = {0};
    pc_sealed *f = NULL;
    pc_store s;
    pc_section text;
    pc_buf b;
    size_t n = 0;
    const char *path = write_segment(3, lens, 3);
    uint8_t *all = scratch_read(path, &n);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    assert_int_equal(pc_sealed_section(f, PC_SECTION_TEXT, &text, &err), 0);
    size_t last = (size_t)(text.ptr + text.len - f->map.ptr) - 5000;
    pc_sealed_close(f);
    /* In the last block of the text, and not in the page of its end, which
       the index of blocks shares. */
    all[last] ^= 1;
    scratch_write(path, all, n);
    free(all);
    pc_buf_init(&b, NULL);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    assert_int_equal(pc_store_open(&s, f, 3, NULL, &err), 0);
    assert_int_equal(pc_store_text(&s, 0, 0, 100, &b, &err), 0);
    assert_int_equal(b.len, 100);
    assert_int_equal(pc_store_text(&s, 2, 39000, 100, &b, &err),
                     PARASOL_CORRUPT);
    assert_int_equal(b.len, 100);
    assert_int_equal(pc_store_verify(&s, &err), PARASOL_CORRUPT);
    pc_sealed_close(f);
    pc_buf_release(&b);
}

static void segment_store__documents_without_the_first_fields(void **state)
{
    (void)state;
    pi_store_writer w;
    pi_out *o = NULL;
    parasol_error err = {0};
    pc_field wrong[3] = {{PC_STR_LIT("title"), PC_STR_LIT("a")},
                         {PC_STR_LIT("path"), PC_STR_LIT("b")},
                         {PC_STR_LIT("date"), PC_STR_LIT("c")}};
    pi_stored_doc doc = {wrong, 3, PC_STR_LIT("text")};
    pi_store_writer_init(&w, tmp.dir, 0, NULL);
    assert_int_equal(pi_store_add(&w, &doc), PARASOL_ARG);
    assert_int_equal(pi_store_add(&w, &doc), PARASOL_ARG); /* sticky */
    assert_int_equal(pi_out_create(&o, scratch_path(&tmp, "x"), PC_KIND_SEGMENT,
                                   1, NULL, &err),
                     0);
    assert_int_equal(pi_store_finish(&w, o, &err), PARASOL_ARG);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), PARASOL_ARG);
    assert_false(scratch_exists(scratch_path(&tmp, "x")));
    pi_store_writer_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(segment_store__round_trip_of_edge_sizes,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            segment_store__round_trip_of_random_documents, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            segment_store__same_documents_give_same_bytes, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            segment_store__wrong_bytes_under_right_checksums, scratch_set_up,
            scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            segment_store__flipped_bytes_are_errors_where_they_lie,
            scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(
            segment_store__documents_without_the_first_fields, scratch_set_up,
            scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
