/* Columns and ids that go through temporary files are byte for byte those that
   stay in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/format/sealed.h"
#include "indexer/write/column_writer.h"
#include "indexer/write/id_writer.h"
#include "tests/support/scratch_group.h"

enum { DOCS = 300, LONG = 40000 };

/* What both writers hold, as the sections of a file. */
static pc_sealed *seal(pi_column_writer *columns, pi_id_writer *ids,
                       const char *name)
{
    pi_out *o;
    pc_sealed *f;
    parasol_error err;
    const char *path = scratch_path(&tmp, name);
    (void)remove(path); /* of the round before */
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     0);
    assert_int_equal(pi_column_finish(columns, o, &err), 0);
    assert_int_equal(pi_id_finish(ids, o, &err), 0);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    return f;
}

static void same_section(pc_sealed *a, pc_sealed *b, uint32_t id)
{
    pc_section x, y;
    assert_int_equal(pc_sealed_section(a, id, &x, NULL), 0);
    assert_int_equal(pc_sealed_section(b, id, &y, NULL), 0);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.ptr, y.ptr, (size_t)x.len);
}

/* An id that no other document has; some are longer than any window. */
static size_t make_id(uint64_t *rng, bool ascends, uint32_t doc, char *id)
{
    uint32_t head = ascends ? doc : DOCS - doc;
    int n = snprintf(id, 40, "%05u/%llu", head % (ascends ? UINT32_MAX : 7),
                     (unsigned long long)scratch_below(rng, 1000));
    size_t len = (size_t)n;
    if (scratch_below(rng, 60) == 0) {
        size_t more = (size_t)scratch_below(rng, LONG);
        memset(id + len, 'x', more);
        len += more;
    }
    return len + (size_t)snprintf(id + len, 16, ":%u", doc);
}

static size_t make_fields(uint64_t *rng, pc_field *f, char room[][24])
{
    static const char *const names[] = {"tag", "size", "path"};
    size_t n = 0;
    for (size_t i = 0; i < 6; i++) {
        uint64_t kind = scratch_below(rng, 8);
        if (kind > 3)
            continue;
        (void)snprintf(
            room[n], 24, "%llu",
            (unsigned long long)scratch_below(rng, kind == 1 ? 100000 : 9));
        f[n] = (pc_field){pc_str_of(names[kind % 3]), pc_str_of(room[n])};
        n++;
    }
    return n;
}

static void write_spilling__is_byte_for_byte_the_same(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    static char id[LONG + 100];
    uint64_t spilled = 0;
    for (unsigned round = 0; round < 40; round++) {
        pi_column_writer columns[2];
        pi_id_writer ids[2];
        uint32_t docs = 1 + (uint32_t)scratch_below(&rng, DOCS);
        for (unsigned i = 0; i < 2; i++) {
            pi_column_writer_init(&columns[i], true, NULL);
            pi_id_writer_init(&ids[i], NULL);
        }
        pi_column_writer_spill(&columns[1], tmp.dir,
                               200 + (size_t)scratch_below(&rng, 9000), 500);
        pi_id_writer_spill(&ids[1], tmp.dir,
                           1 + (size_t)scratch_below(&rng, 9000), 300);
        for (uint32_t d = 0; d < docs; d++) {
            char room[8][24];
            pc_field f[8] = {{PC_STR_LIT("path"), {id, 0}}};
            f[0].value.len = make_id(&rng, round % 4 == 0, d, id);
            size_t n = 1 + make_fields(&rng, f + 1, room);
            for (unsigned i = 0; i < 2; i++) {
                assert_int_equal(pi_column_add(&columns[i], f, n), 0);
                assert_int_equal(pi_id_add(&ids[i], f[0].value), 0);
            }
        }
        spilled += pi_spool_at(&columns[1].spilled);
        assert_int_equal(pi_spool_at(&columns[0].spilled), 0);
        pc_sealed *a = seal(&columns[0], &ids[0], "a.seg");
        pc_sealed *b = seal(&columns[1], &ids[1], "b.seg");
        same_section(a, b, PC_SECTION_COLUMNS);
        same_section(a, b, PC_SECTION_IDS);
        pc_sealed_close(a);
        pc_sealed_close(b);
    }
    assert_true(spilled > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_spilling__is_byte_for_byte_the_same),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
