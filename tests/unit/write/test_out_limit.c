/*
 * The largest file: its writer is included here, so that it can be told that
 * it has written more than anybody has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/write/out.c"
#include "tests/support/scratch.h"

/* What ending a file of so many bytes gives. */
static int finish(uint64_t bytes, parasol_error *err)
{
    scratch dir;
    pi_out *o = NULL;
    scratch_make(&dir);
    const char *path = scratch_path(&dir, "s1.seg");
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, err),
                     PARASOL_OK);
    pi_out_begin(o, PC_SECTION_META);
    o->flushed = bytes;
    int rc = pi_out_finish(o, NULL, NULL, err);
    assert_true(scratch_exists(path) == (rc == PARASOL_OK));
    scratch_remove(&dir);
    return rc;
}

static void write_out__largest_file(void **state)
{
    (void)state;
    parasol_error err = {0};
    /* One page for what is in the buffer, one for the trailer. */
    assert_int_equal(finish(PC_SEALED_MAX - 2 * PC_PAGE_SIZE, &err),
                     PARASOL_OK);
    assert_int_equal(finish(PC_SEALED_MAX - PC_PAGE_SIZE, &err), PARASOL_FULL);
    assert_non_null(strstr(err.message, "s1.seg would have more than 64 TiB"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_out__largest_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
