/* Columns: what the writer was given comes back, in every form; what is wrong
   is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/codec/bitpack.h"
#include "common/segment/columns.h"
#include "indexer/write/column_writer.h"
#include "tests/support/scratch_group.h"

static pc_field field(const char *name, const char *value)
{
    return (pc_field){pc_str_of(name), pc_str_of(value)};
}

/* Writes what the writer holds as the only section of a file and opens it. */
static pc_sealed *seal(pi_column_writer *w, const char *name)
{
    pi_out *o;
    pc_sealed *f;
    parasol_error err;
    const char *path = scratch_path(&tmp, name);
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     0);
    assert_int_equal(pi_column_finish(w, o, &err), 0);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    return f;
}

/* The value of a rank. */
static pc_str value_of(pc_column_scan *s, const pc_column *c, uint32_t rank)
{
    pc_str value = {NULL, 0};
    uint32_t at;
    pc_column_scan_init(s, c);
    do
        assert_int_equal(pc_column_scan_next(s, &value, &at, NULL), 0);
    while (at < rank);
    return value;
}

/* Whether the column says that the document has the value. */
static bool has(const pc_column *c, uint32_t docs, uint32_t doc, pc_str value)
{
    pc_column_scan s;
    if (c->form == PC_COLUMN_SELF)
        return pc_str_eq(value_of(&s, c, doc), value);
    if (c->form == PC_COLUMN_DENSE) {
        uint32_t code = pc_bitpack_at(c->ranks, doc, c->width);
        assert_true(doc < docs && code <= c->values);
        return code > 0 && pc_str_eq(value_of(&s, c, code - 1), value);
    }
    for (uint32_t i = 0; i < c->pairs; i++)
        if (pc_column_doc(c, i) == doc &&
            pc_str_eq(value_of(&s, c, pc_bitpack_at(c->ranks, i, c->width)),
                      value))
            return true;
    return false;
}

static void segment_columns__every_form_comes_back(void **state)
{
    (void)state;
    enum { DOCS = 60, VALUES = 5 };
    uint64_t rng = scratch_seed();
    unsigned forms[3] = {0, 0, 0};
    for (unsigned round = 0; round < 60; round++) {
        static const char *const words[VALUES] = {"", "a", "ab", "b", "zz"};
        static char ids[DOCS][16];
        static unsigned given[DOCS]; /* a bit for each word */
        pi_column_writer w;
        pc_columns columns;
        pc_column c;
        bool found;
        uint64_t most = scratch_below(&rng, 3), rare = scratch_below(&rng, 30);
        uint32_t pairs = 0;
        pi_column_writer_init(&w, true, NULL);
        for (uint32_t d = 0; d < DOCS; d++) {
            pc_field f[4] = {field("id", ids[d]), field("title", "never")};
            size_t n = 2;
            (void)snprintf(ids[d], sizeof ids[d], "%c%03u",
                           round % 2 ? 'x' : 'a' + (char)(d % 7), d);
            f[0] = field("ID", ids[d]);
            given[d] = 0;
            for (uint64_t k = 0; k < most; k++) {
                uint64_t word = scratch_below(&rng, VALUES);
                if (scratch_below(&rng, rare + 1) > 1)
                    continue;
                f[n++] = field("some.name", words[word]);
                pairs += word > 0 && !(given[d] >> word & 1);
                given[d] |= word > 0 ? 1u << word : 0;
            }
            assert_int_equal(pi_column_add(&w, f, n), 0);
        }
        char name[32];
        (void)snprintf(name, sizeof name, "c%u.seg", round);
        pc_sealed *f = seal(&w, name);
        assert_int_equal(pc_columns_open(&columns, f, DOCS, NULL), 0);
        assert_int_equal(columns.n, pairs > 0 ? 2 : 1);
        assert_int_equal(
            pc_columns_find(&columns, PC_STR_LIT("id"), &found, &c, NULL), 0);
        assert_true(found);
        forms[c.form]++;
        for (uint32_t d = 0; d < DOCS; d++)
            assert_true(has(&c, DOCS, d, pc_str_of(ids[d])));
        assert_int_equal(pc_columns_find(&columns, PC_STR_LIT("some-name"),
                                         &found, &c, NULL),
                         0);
        assert_int_equal(found, pairs > 0);
        for (uint32_t d = 0; found && d < DOCS; d++)
            for (unsigned k = 1; k < VALUES; k++)
                assert_int_equal(has(&c, DOCS, d, pc_str_of(words[k])),
                                 given[d] >> k & 1);
        if (found) {
            assert_int_equal(c.pairs, pairs);
            forms[c.form]++;
        }
        assert_int_equal(
            pc_columns_find(&columns, PC_STR_LIT("title"), &found, &c, NULL),
            0);
        assert_false(found);
        pc_sealed_close(f);
    }
    assert_true(forms[0] > 0 && forms[1] > 0 && forms[2] > 0);
}

static void segment_columns__what_is_too_long_is_counted(void **state)
{
    (void)state;
    static char longer[PC_COLUMN_VALUE_MAX + 2];
    pi_column_writer w;
    pc_columns columns;
    pc_column c;
    bool found;
    memset(longer, 'x', PC_COLUMN_VALUE_MAX + 1);
    pi_column_writer_init(&w, true, NULL);
    pc_field a[2] = {field("a", "short"), field("b", longer)};
    pc_field b[1] = {field("a", longer)};
    assert_int_equal(pi_column_add(&w, a, 2), 0);
    assert_int_equal(pi_column_add(&w, b, 1), 0);
    for (unsigned i = 0; i < PC_COLUMNS_MAX + 10; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%u", i);
        pc_field f = field(name, "v");
        assert_int_equal(pi_column_add(&w, &f, 1), 0);
    }
    pc_sealed *f = seal(&w, "long.seg");
    assert_int_equal(
        pc_columns_open(&columns, f, 2 + PC_COLUMNS_MAX + 10, NULL), 0);
    /* The names a and b took two of the places, and b has no value. */
    assert_int_equal(columns.n, PC_COLUMNS_MAX - 1);
    assert_int_equal(columns.left_out, 12 + 1);
    assert_int_equal(
        pc_columns_find(&columns, PC_STR_LIT("a"), &found, &c, NULL), 0);
    assert_true(found);
    assert_int_equal(c.left_out, 1);
    assert_int_equal(c.pairs, 1);
    pc_sealed_close(f);
}

/* Every byte of the section is changed; reading says so or gives what is
   inside the bounds. */
static void segment_columns__wrong_content_is_refused(void **state)
{
    (void)state;
    pi_column_writer w;
    pi_column_writer_init(&w, true, NULL);
    for (unsigned d = 0; d < 9; d++) {
        pc_field f[3] = {field("k", d % 2 ? "one" : "other"), field("t", "x"),
                         field("t", d % 3 ? "y" : "z")};
        assert_int_equal(pi_column_add(&w, f, d % 4 ? 1 : 3), 0);
    }
    pc_sealed *f = seal(&w, "good.seg");
    pc_section good;
    uint8_t bytes[1024];
    unsigned refused = 0;
    assert_true(pc_sealed_has(f, PC_SECTION_COLUMNS, &good));
    assert_true(good.len < sizeof bytes);
    for (size_t i = 0; i < good.len * 3; i++) {
        static const uint8_t masks[3] = {0x01, 0x80, 0xFF};
        pi_out *o;
        pc_sealed *g;
        pc_columns columns;
        memcpy(bytes, good.ptr, (size_t)good.len);
        bytes[i / 3] ^= masks[i % 3];
        char name[32];
        (void)snprintf(name, sizeof name, "bad%zu.seg", i);
        const char *path = scratch_path(&tmp, name);
        assert_int_equal(
            pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, NULL), 0);
        pi_out_begin(o, PC_SECTION_COLUMNS);
        pi_out_put(o, bytes, (size_t)good.len);
        assert_int_equal(pi_out_finish(o, NULL, NULL, NULL), 0);
        assert_int_equal(pc_sealed_open(&g, path, PC_KIND_SEGMENT, NULL, NULL),
                         0);
        int rc = pc_columns_open(&columns, g, 9, NULL);
        for (uint32_t k = 0; !rc && k < columns.n; k++) {
            pc_column c;
            pc_column_scan s;
            pc_str value;
            uint32_t rank;
            rc = pc_columns_at(&columns, k, &c, NULL);
            if (rc)
                break;
            pc_column_scan_init(&s, &c);
            while (!(rc = pc_column_scan_next(&s, &value, &rank, NULL)))
                assert_true(value.len <= PC_COLUMN_VALUE_MAX);
            rc = rc == PARASOL_NOTFOUND ? 0 : rc;
        }
        assert_true(rc == 0 || rc == PARASOL_CORRUPT);
        refused += rc != 0;
        pc_sealed_close(g);
    }
    assert_true(refused > 50);
    pc_sealed_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segment_columns__every_form_comes_back),
        cmocka_unit_test(segment_columns__what_is_too_long_is_counted),
        cmocka_unit_test(segment_columns__wrong_content_is_refused),
    };
    return cmocka_run_group_tests_name("columns", tests, scratch_set_up,
                                       scratch_tear_down);
}
